"""A long file on its way in: its life as one table, and how far it has come. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MOST_AT_ONCE = 200
"""Rows up to which a file is looked at, and kept, while its sender waits: less than half a second's work."""
WAITS_FOR = timedelta(hours=24)
"""So long a file waits for somebody's word, and so long what was found in it can be read."""


class ComingState(StrEnum):
    CHECKING = "checking"
    CHECKED = "checked"
    KEEPING = "keeping"
    KEPT = "kept"
    REFUSED = "refused"
    STOPPED = "stopped"


class ComingMove(StrEnum):
    SHOW = "show"
    KEEP = "keep"
    FINISH = "finish"
    REFUSE = "refuse"
    STOP = "stop"


@dataclass(frozen=True)
class ComingTransition:
    """One row of the table; `when` is what is asked besides the state."""

    move: ComingMove
    sources: tuple[ComingState, ...]
    target: ComingState
    words: str
    who: str
    when: str = ""


_CHECKING, _CHECKED, _KEEPING = ComingState.CHECKING, ComingState.CHECKED, ComingState.KEEPING
UNDER_WAY = (_CHECKING, _KEEPING)
"""States in which a worker has it, or is to have it."""
OPEN = (_CHECKING, _CHECKED, _KEEPING)
"""States in which its content is still needed."""

COMING_MOVES: tuple[ComingTransition, ...] = (
    ComingTransition(
        ComingMove.SHOW, (_CHECKING,), _CHECKED, "Checked, and may be kept", "a worker", "no row has a problem"
    ),
    ComingTransition(ComingMove.KEEP, (_CHECKED,), _KEEPING, "Being kept", "who sent it"),
    ComingTransition(
        ComingMove.FINISH, (_KEEPING,), ComingState.KEPT, "Kept", "a worker", "in the one transaction with every row"
    ),
    ComingTransition(
        ComingMove.REFUSE, UNDER_WAY, ComingState.REFUSED, "Not kept", "a worker", "a row has a problem; all are told"
    ),
    ComingTransition(
        ComingMove.STOP,
        OPEN,
        ComingState.STOPPED,
        "Stopped, and nothing of it kept",
        "who sent it, or the clock after a day",
    ),
)
BY_COMING_MOVE: dict[ComingMove, ComingTransition] = {row.move: row for row in COMING_MOVES}


@dataclass(frozen=True)
class Progress:
    """How far a file has come: `done` of `of` rows, and what is done with them."""

    done: int = 0
    of: int = 0
    doing: str = ""

    @property
    def percent(self) -> float:
        return min(100.0, 100 * self.done / self.of) if self.of else 0.0

    @property
    def words(self) -> str:
        """Keeping: row 400 of 2,000."""
        return f"{self.doing}: row {self.done:,} of {self.of:,}" if self.of else self.doing or "Waiting for its turn"
