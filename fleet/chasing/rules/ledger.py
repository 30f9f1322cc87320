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
    TO_PRINT = "to_print"
    """A letter that waits for somebody to print and post it: nothing has left."""
    PRINTED = "printed"
    """A letter on paper, of which nobody has said that it was posted."""
    SENT = "sent"
    FAILED = "failed"
    TO_DO = "to_do"
    DONE = "done"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


class ChaseMove(StrEnum):
    SEND = "send"
    ARRIVE = "arrive"
    QUEUE = "queue"
    PRINT = "print"
    POST = "post"
    FAIL = "fail"
    COME_BACK = "come_back"
    TRY_AGAIN = "try_again"
    HAND_TO_A_PERSON = "hand_to_a_person"
    LET_LEAVE = "let_leave"
    BY_LETTER = "by_letter"
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
    Transition(ChaseMove.QUEUE, (ChaseState.SENDING,), ChaseState.TO_PRINT, "Waits to be printed"),
    Transition(ChaseMove.PRINT, (ChaseState.TO_PRINT, ChaseState.PRINTED), ChaseState.PRINTED, "Printed"),
    Transition(ChaseMove.POST, (ChaseState.PRINTED,), ChaseState.SENT, "Posted"),
    Transition(
        ChaseMove.FAIL,
        (ChaseState.PREPARING, ChaseState.SENDING, ChaseState.TO_PRINT, ChaseState.PRINTED),
        ChaseState.FAILED,
        "Did not leave",
    ),
    Transition(ChaseMove.COME_BACK, (ChaseState.SENT,), ChaseState.FAILED, "Did not arrive"),
    Transition(ChaseMove.TRY_AGAIN, (ChaseState.FAILED,), ChaseState.PREPARING, "Tried again"),
    Transition(ChaseMove.HAND_TO_A_PERSON, (ChaseState.FAILED,), ChaseState.TO_DO, "Given to a person"),
    Transition(ChaseMove.LET_LEAVE, (ChaseState.TO_DO,), ChaseState.FAILED, "May leave after all"),
    Transition(ChaseMove.BY_LETTER, (ChaseState.TO_DO,), ChaseState.PREPARING, "A letter was asked for"),
    Transition(ChaseMove.DO, (ChaseState.TO_DO,), ChaseState.DONE, "Done"),
    Transition(
        ChaseMove.WITHDRAW,
        (ChaseState.TO_DO, ChaseState.FAILED, ChaseState.TO_PRINT, ChaseState.PRINTED),
        ChaseState.WITHDRAWN,
        "No longer needed",
    ),
)
BY_MOVE = {row.move: row for row in MOVES}
BEGINNINGS = (ChaseState.PREPARING, ChaseState.TO_DO, ChaseState.SKIPPED)
OPEN = frozenset({ChaseState.TO_DO, ChaseState.FAILED})
"""What still asks for something."""
RECALLED = OPEN | {ChaseState.TO_PRINT}
"""What is taken back by the next tick once nobody needs it. A printed letter is not: somebody has the paper."""
HEARD = frozenset({ChaseState.SENDING, ChaseState.PRINTED, ChaseState.SENT, ChaseState.DONE})
"""What the person has heard by now, or may have."""
IN_QUEUE = (ChaseState.TO_PRINT, ChaseState.PRINTED)
"""The letters that are still to be posted."""
