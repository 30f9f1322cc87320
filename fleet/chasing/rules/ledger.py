"""The ledger's machine: what an entry can be, and the moves it may make. Plain Python, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_FAILURES = 3
"""A message that failed this often becomes a task for a person."""


class ChaseState(StrEnum):
    PREPARING = "preparing"
    """Claimed, and nothing has left."""
    SENDING = "sending"
    """An attempt is on record, and its outcome is not: it may have left."""
    SENT = "sent"
    FAILED = "failed"
    TO_DO = "to_do"
    DONE = "done"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


class ChaseMove(StrEnum):
    SEND = "send"
    ARRIVE = "arrive"
    FAIL = "fail"
    TRY_AGAIN = "try_again"
    HAND_TO_A_PERSON = "hand_to_a_person"
    LET_LEAVE = "let_leave"
    DO = "do"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Transition:
    """One row of the ledger's machine. An entry begins as preparing, to do or skipped."""

    move: ChaseMove
    sources: tuple[ChaseState, ...]
    target: ChaseState
    words: str


MOVES: tuple[Transition, ...] = (
    Transition(ChaseMove.SEND, (ChaseState.PREPARING,), ChaseState.SENDING, "Handed over"),
    Transition(ChaseMove.ARRIVE, (ChaseState.SENDING,), ChaseState.SENT, "Sent"),
    Transition(ChaseMove.FAIL, (ChaseState.PREPARING, ChaseState.SENDING), ChaseState.FAILED, "Did not leave"),
    Transition(ChaseMove.TRY_AGAIN, (ChaseState.FAILED,), ChaseState.PREPARING, "Tried again"),
    Transition(ChaseMove.HAND_TO_A_PERSON, (ChaseState.FAILED,), ChaseState.TO_DO, "Given to a person"),
    Transition(ChaseMove.LET_LEAVE, (ChaseState.TO_DO,), ChaseState.FAILED, "May leave after all"),
    Transition(ChaseMove.DO, (ChaseState.TO_DO,), ChaseState.DONE, "Done"),
    Transition(
        ChaseMove.WITHDRAW,
        (ChaseState.TO_DO, ChaseState.FAILED),
        ChaseState.WITHDRAWN,
        "No longer needed",
    ),
)
BY_MOVE = {row.move: row for row in MOVES}
BEGINNINGS = (ChaseState.PREPARING, ChaseState.TO_DO, ChaseState.SKIPPED)
OPEN = frozenset({ChaseState.TO_DO, ChaseState.FAILED})
"""What still asks for something."""
