"""A job's life as one table, when a job is given up, and what its row may keep of an error. Plain Python, no I/O.

The queries make each move with one conditional statement, so that two workers can never both make it.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from enum import StrEnum

from fleet.errors import DoorstepError
from provisioning.errors import ProvisioningError

MAX_ATTEMPTS = 5
"""How often a job is begun. Putting it down because it cannot go on yet is no attempt; killing its worker is one."""

WORKER_DIED = (
    f"All other work goes on, but this is not begun again: its worker died {MAX_ATTEMPTS} times before it ended. "
    "The log of those times says more. What the clock asks for comes round by itself; stop a bench run on its page."
)
"""What stands in the row of a job that was given up so."""


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobMove(StrEnum):
    CLAIM = "claim"
    TAKE_OVER = "take_over"
    PUT_DOWN = "put_down"
    TRY_AGAIN = "try_again"
    FINISH = "finish"
    GIVE_UP = "give_up"
    STOP = "stop"
    LOSE = "lose"
    ASK_AGAIN = "ask_again"


@dataclass(frozen=True)
class Transition:
    """One row of the table; `when` is what the statement that makes the move asks of the row besides its state."""

    move: JobMove
    sources: tuple[JobState, ...]
    target: JobState
    words: str
    who: str
    when: str


_Q, _R = (JobState.QUEUED,), (JobState.RUNNING,)
_A_WORKER, _ITS_WORKER = "a worker", "the worker that has it"

MOVES: tuple[Transition, ...] = (
    Transition(JobMove.CLAIM, _Q, JobState.RUNNING, "Taken by a worker", _A_WORKER, "it is due"),
    Transition(
        JobMove.TAKE_OVER,
        _R,
        JobState.RUNNING,
        "Taken over from a worker that died",
        _A_WORKER,
        f"its lease has run out, and it was begun fewer than {MAX_ATTEMPTS} times",
    ),
    Transition(
        JobMove.PUT_DOWN,
        _R,
        JobState.QUEUED,
        "Put down until it can go on",
        _ITS_WORKER,
        "it cannot go on yet; this is no attempt",
    ),
    Transition(
        JobMove.TRY_AGAIN,
        _R,
        JobState.QUEUED,
        "Failed, to be tried again",
        _ITS_WORKER,
        f"it was begun fewer than {MAX_ATTEMPTS} times",
    ),
    Transition(JobMove.FINISH, _R, JobState.DONE, "Done", _ITS_WORKER, ""),
    Transition(
        JobMove.GIVE_UP,
        _R,
        JobState.FAILED,
        "Given up",
        _ITS_WORKER,
        f"it was begun {MAX_ATTEMPTS} times, or nobody can",
    ),
    Transition(
        JobMove.STOP, _R, JobState.CANCELLED, "Stopped because somebody asked", _ITS_WORKER, "it was not begun so far"
    ),
    Transition(
        JobMove.LOSE,
        _R,
        JobState.FAILED,
        "Given up, because its worker died each time",
        "the sweep",
        f"its lease has run out, and it was begun {MAX_ATTEMPTS} times",
    ),
    Transition(
        JobMove.ASK_AGAIN,
        (JobState.FAILED,),
        JobState.QUEUED,
        "Asked for again",
        "whoever presses it where the work belongs",
        "its attempts count from nothing",
    ),
)
BY_MOVE: dict[JobMove, Transition] = {row.move: row for row in MOVES}

_OURS = frozenset({"fleet", "provisioning", "labels", "workers"})


def reason_for(error: Exception) -> str:
    """What a job's row, and the log, may say of an error.

    Our own errors' sentences were written for people. Of any other only the kind and the place are kept: a database's
    own words may hold the values of a row, which may be somebody's name or address.
    """
    kind = type(error).__name__
    return (
        f"{kind}: {error}" if isinstance(error, DoorstepError | ProvisioningError) else f"{kind} at {place_of(error)}"
    )


def place_of(error: Exception) -> str:
    """module:line, of the deepest frame of ours below the one that caught it, else of the deepest there is."""
    frames = [
        (str(frame.f_globals.get("__name__", "?")), line) for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    below = frames[1:] or frames
    ours = [place for place in below if place[0].split(".")[0] in _OURS]
    return ":".join(map(str, (ours or below or [("nowhere", 0)])[-1]))
