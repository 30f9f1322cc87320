"""What a row of the table of moves says, and who makes them."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.loans.rules.guards import Guard
from fleet.loans.rules.states import WITH_A_TABLET, LoanKind, LoanMove, LoanState
from fleet.users.rules import Role


@dataclass(frozen=True)
class Transition:
    """One row of the table. `offered` moves are pressed on the loan's own page; the others happen at a door or hub.

    Without a `target` the loan stays in the state it is in.
    """

    move: LoanMove
    sources: tuple[LoanState, ...]
    target: LoanState | None
    roles: frozenset[Role]
    words: str
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    offered: bool = True
    kinds: frozenset[LoanKind] = WITH_A_TABLET


ANY_KIND = frozenset(LoanKind)
DATA_ALONE = frozenset({LoanKind.DATA})
COORDINATOR = frozenset({Role.COORDINATOR, Role.SYSTEM})
AGREES_TO_A_LOSS = COORDINATOR | {Role.HUB_ADMIN}
"""One of them asks, a coordinator always; the move itself is made by whoever agrees."""
COURIER = frozenset({Role.COURIER, Role.TECHNICIAN})
DOOR = frozenset({Role.COURIER, Role.BUDDY, Role.COORDINATOR})
TECHNICIAN = frozenset({Role.TECHNICIAN})
HUB = frozenset({Role.TECHNICIAN, Role.COORDINATOR})
