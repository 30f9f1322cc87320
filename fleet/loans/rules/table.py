"""The table of every move a loan can make, in the order of its life, and what it offers or refuses."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.loans.rules.guards import (
    Facts,
    Guard,
    agreement_accepted,
    bundle_if_needed,
    contact_not_stopped,
    due_not_past,
    extensions_left,
    gifts_allowed,
    language_answered,
    later_than_before,
    needs_asked,
    no_swap_arranged,
    person_alive,
    safe_answered,
    safe_to_deliver,
    swap_arranged,
    under_limit,
)
from fleet.loans.rules.states import LoanMove, LoanState
from fleet.machine import Offer, done_by, stands_elsewhere
from fleet.users.rules import Role


@dataclass(frozen=True)
class Transition:
    """One row of the table. `offered` moves are pressed on the loan's own page; the others happen at a door or hub."""

    move: LoanMove
    sources: tuple[LoanState, ...]
    target: LoanState
    roles: frozenset[Role]
    words: str
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False
    offered: bool = True


_COORDINATOR = frozenset({Role.COORDINATOR, Role.SYSTEM})
_COURIER = frozenset({Role.COURIER, Role.TECHNICIAN})
_DOOR = frozenset({Role.COURIER, Role.BUDDY, Role.COORDINATOR})
_TECHNICIAN = frozenset({Role.TECHNICIAN})
_HUB = frozenset({Role.TECHNICIAN, Role.COORDINATOR})
_L = LoanState

MOVES: tuple[Transition, ...] = (
    Transition(
        LoanMove.APPROVE,
        (_L.REQUESTED, _L.WAITING),
        _L.APPROVED,
        _COORDINATOR,
        "Approved",
        (safe_answered, needs_asked, person_alive),
    ),
    Transition(LoanMove.WAIT, (_L.REQUESTED,), _L.WAITING, _COORDINATOR, "Put on the waiting list"),
    Transition(LoanMove.DECLINE, (_L.REQUESTED, _L.WAITING), _L.DECLINED, _COORDINATOR, "Declined", needs_reason=True),
    Transition(
        LoanMove.CANCEL,
        (_L.REQUESTED, _L.WAITING, _L.APPROVED, _L.ALLOCATED),
        _L.CANCELLED,
        _COORDINATOR,
        "Cancelled",
        needs_reason=True,
    ),
    Transition(
        LoanMove.ALLOCATE,
        (_L.APPROVED,),
        _L.ALLOCATED,
        _COORDINATOR,
        "Tablet allocated",
        (safe_answered, person_alive, under_limit, bundle_if_needed, due_not_past),
    ),
    Transition(
        LoanMove.UNDO_ALLOCATION,
        (_L.ALLOCATED,),
        _L.APPROVED,
        _COORDINATOR | {Role.SYSTEM},
        "Allocation undone",
        needs_reason=True,
    ),
    Transition(
        LoanMove.DISPATCH,
        (_L.ALLOCATED,),
        _L.ALLOCATED,
        _HUB | {Role.COURIER, Role.SYSTEM},
        "Packed for delivery",
        (person_alive, contact_not_stopped, safe_to_deliver, bundle_if_needed, language_answered),
    ),
    Transition(
        LoanMove.LOAD,
        (_L.ALLOCATED,),
        _L.OUT_FOR_DELIVERY,
        _COURIER,
        "On its way with the courier",
        (person_alive, contact_not_stopped, safe_to_deliver, bundle_if_needed, language_answered),
        offered=False,
    ),
    Transition(
        LoanMove.FAILED_ATTEMPT,
        (_L.OUT_FOR_DELIVERY,),
        _L.ALLOCATED,
        _DOOR | _COURIER,
        "Not delivered",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        LoanMove.HAND_OVER,
        (_L.OUT_FOR_DELIVERY,),
        _L.ACTIVE,
        _DOOR,
        "Handed over at the door",
        (person_alive, contact_not_stopped, agreement_accepted),
        offered=False,
    ),
    Transition(
        LoanMove.HUB_HAND_OVER,
        (_L.ALLOCATED,),
        _L.ACTIVE,
        _HUB,
        "Handed over at the hub",
        (person_alive, contact_not_stopped, bundle_if_needed, language_answered, agreement_accepted),
    ),
    Transition(
        LoanMove.EXTEND,
        (_L.ACTIVE,),
        _L.ACTIVE,
        _COORDINATOR,
        "Extended",
        (person_alive, contact_not_stopped, extensions_left, due_not_past, later_than_before),
        needs_reason=True,
    ),
    Transition(
        LoanMove.ARRANGE_SWAP,
        (_L.ACTIVE,),
        _L.ACTIVE,
        _COORDINATOR,
        "Swap arranged",
        (person_alive, contact_not_stopped, no_swap_arranged),
        needs_reason=True,
    ),
    Transition(
        LoanMove.CALL_OFF_SWAP,
        (_L.ACTIVE,),
        _L.ACTIVE,
        _COORDINATOR,
        "Swap called off",
        (swap_arranged,),
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOAD_SWAP,
        (_L.ACTIVE,),
        _L.ACTIVE,
        _COURIER,
        "The other tablet is on its way with the courier",
        (person_alive, contact_not_stopped, safe_to_deliver, swap_arranged),
        offered=False,
    ),
    Transition(
        LoanMove.SWAP,
        (_L.ACTIVE,),
        _L.ACTIVE,
        _COURIER | {Role.COORDINATOR},
        "Swapped",
        (person_alive, contact_not_stopped, swap_arranged),
    ),
    Transition(
        LoanMove.LOSE_SWAP,
        (_L.ACTIVE,),
        _L.ACTIVE,
        _COORDINATOR,
        "The other tablet was lost on the way",
        (swap_arranged,),
        needs_reason=True,
    ),
    Transition(
        LoanMove.ARRANGE_RETURN,
        (_L.ACTIVE,),
        _L.RETURN_ARRANGED,
        _COORDINATOR,
        "Return arranged",
        (no_swap_arranged,),
    ),
    Transition(
        LoanMove.CANCEL_RETURN,
        (_L.RETURN_ARRANGED,),
        _L.ACTIVE,
        _COORDINATOR | _COURIER,
        "Return called off",
        needs_reason=True,
    ),
    Transition(LoanMove.COLLECT, (_L.ACTIVE, _L.RETURN_ARRANGED), _L.COLLECTED, _COURIER, "Collected", offered=False),
    Transition(
        LoanMove.HAND_IN, (_L.ACTIVE, _L.RETURN_ARRANGED), _L.COLLECTED, _COURIER, "Handed in at the hub", offered=False
    ),
    Transition(
        LoanMove.UNDO_HAND_IN,
        (_L.COLLECTED,),
        _L.ACTIVE,
        _TECHNICIAN,
        "Hand-in at the hub taken back",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        LoanMove.UNDO_HAND_IN_ARRANGED,
        (_L.COLLECTED,),
        _L.RETURN_ARRANGED,
        _TECHNICIAN,
        "Hand-in at the hub taken back; its return stays arranged",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        LoanMove.CLOSE_RETURNED,
        (_L.COLLECTED,),
        _L.CLOSED_RETURNED,
        _TECHNICIAN | {Role.SYSTEM},
        "Given back and inspected",
        offered=False,
    ),
    Transition(
        LoanMove.UNDO_CLOSE,
        (_L.CLOSED_RETURNED,),
        _L.COLLECTED,
        _TECHNICIAN,
        "Inspection taken back",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        LoanMove.GIFT,
        (_L.ACTIVE,),
        _L.CLOSED_GIFTED,
        _COORDINATOR,
        "Given for good",
        (person_alive, gifts_allowed, no_swap_arranged),
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOSE,
        (_L.ACTIVE, _L.RETURN_ARRANGED),
        _L.CLOSED_LOST,
        _COORDINATOR,
        "Recorded as lost",
        (no_swap_arranged,),
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOSE_ON_THE_WAY_OUT,
        (_L.OUT_FOR_DELIVERY,),
        _L.APPROVED,
        _COORDINATOR,
        "Tablet lost on the way out",
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOSE_ON_THE_WAY_BACK,
        (_L.COLLECTED,),
        _L.CLOSED_RETURNED,
        _COORDINATOR,
        "Tablet lost on the way back",
        needs_reason=True,
    ),
    Transition(
        LoanMove.FIND,
        (_L.CLOSED_LOST,),
        _L.CLOSED_RETURNED,
        _HUB | {Role.SYSTEM},
        "Found again",
        offered=False,
    ),
)

BY_MOVE: dict[LoanMove, Transition] = {row.move: row for row in MOVES}


def refusals(move: LoanMove, facts: Facts, roles: frozenset[Role]) -> tuple[str, ...]:
    """Every reason why this move may not be made; empty when it may."""
    row = BY_MOVE[move]
    if facts.state not in row.sources:
        return (stands_elsewhere("The loan", facts.state, row.sources),)
    found = [refusal for guard in row.guards if (refusal := guard(facts))]
    if not row.roles & roles:
        found.append(done_by(row.roles))
    return tuple(found)


def offers(facts: Facts, roles: frozenset[Role]) -> tuple[Offer[Transition], ...]:
    """Exactly what this person may press next, and what stands in the way. What a form still asks for is not held
    against a move."""
    return tuple(
        Offer(row, tuple(reason for guard in row.guards if guard not in _asked_later(row) and (reason := guard(facts))))
        for row in MOVES
        if facts.state in row.sources and row.offered and row.roles & roles
    )


def _asked_later(row: Transition) -> tuple[Guard, ...]:
    """The guards about what the form of this move asks for."""
    asked: tuple[Guard, ...] = (due_not_past, agreement_accepted, later_than_before)
    return (*asked, bundle_if_needed) if row.move is LoanMove.ALLOCATE else asked
