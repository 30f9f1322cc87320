"""What a row of the table of moves says, and who makes them."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.tablets.rules.guards import Guard
from fleet.tablets.rules.states import Custody, DataState, Move, Stage
from fleet.users.rules import Role


@dataclass(frozen=True)
class Transition:
    """One row of the table. `custody` and `data` are None where the move leaves them as they are."""

    move: Move
    sources: tuple[Stage, ...]
    target: Stage
    roles: frozenset[Role]
    words: str
    guards: tuple[Guard, ...] = ()
    data: DataState | None = None
    custody: Custody | None = None
    needs_reason: bool = False
    leaves_hub: bool = False
    takes_leaving_back: bool = False
    """Whether it says that the last move never was: the tablet left our hands when it did before that."""
    irreversible: bool = False
    verb: str = ""
    """What its button says on the tablet's own page; empty where it happens in the room that owns the work."""

    @property
    def offered(self) -> bool:
        """Whether a person presses it on the tablet's own page."""
        return bool(self.verb)


TECHNICIAN = frozenset({Role.TECHNICIAN})
COORDINATOR = frozenset({Role.COORDINATOR})
AGREES_TO_A_LOSS = COORDINATOR | {Role.HUB_ADMIN}
"""A loss counts once a second person agrees to what a coordinator asked for; that is the loan's business."""
COURIER = frozenset({Role.COURIER, Role.TECHNICIAN})
HUB = frozenset({Role.TECHNICIAN, Role.COORDINATOR})
WORKER = frozenset({Role.SYSTEM, Role.TECHNICIAN})
DOOR = frozenset({Role.COURIER, Role.BUDDY, Role.COORDINATOR})
