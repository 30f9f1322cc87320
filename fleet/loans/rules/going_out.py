"""The moves that bring the tablet to the person, and what takes a hand-over back that never was."""

from __future__ import annotations

from fleet.loans.rules.guards import (
    agreement_accepted,
    bundle_if_needed,
    contact_not_stopped,
    just_handed_over,
    language_answered,
    nobody_had_it,
    person_alive,
    safe_to_deliver,
)
from fleet.loans.rules.states import LoanMove, LoanState
from fleet.loans.rules.transition import COURIER, DATA_ALONE, DOOR, HUB, Transition
from fleet.users.rules import Role

GOING_OUT: tuple[Transition, ...] = (
    Transition(
        LoanMove.DISPATCH,
        (LoanState.ALLOCATED,),
        LoanState.ALLOCATED,
        HUB | {Role.COURIER, Role.SYSTEM},
        "Packed for delivery",
        (person_alive, contact_not_stopped, safe_to_deliver, bundle_if_needed, language_answered),
    ),
    Transition(
        LoanMove.LOAD,
        (LoanState.ALLOCATED,),
        LoanState.OUT_FOR_DELIVERY,
        COURIER,
        "On its way with the courier",
        (person_alive, contact_not_stopped, safe_to_deliver, bundle_if_needed, language_answered),
        offered=False,
    ),
    Transition(
        LoanMove.FAILED_ATTEMPT,
        (LoanState.OUT_FOR_DELIVERY,),
        LoanState.ALLOCATED,
        DOOR | COURIER,
        "Not delivered",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        LoanMove.HAND_OVER,
        (LoanState.OUT_FOR_DELIVERY,),
        LoanState.ACTIVE,
        DOOR,
        "Handed over at the door",
        (person_alive, contact_not_stopped, agreement_accepted),
        offered=False,
    ),
    Transition(
        LoanMove.GIVE_DATA,
        (LoanState.ALLOCATED,),
        LoanState.ACTIVE,
        HUB,
        "Data handed over",
        (person_alive, contact_not_stopped, bundle_if_needed),
        kinds=DATA_ALONE,
    ),
    Transition(
        LoanMove.HUB_HAND_OVER,
        (LoanState.ALLOCATED,),
        LoanState.ACTIVE,
        HUB,
        "Handed over at the hub",
        (person_alive, contact_not_stopped, bundle_if_needed, language_answered, agreement_accepted),
    ),
    Transition(
        LoanMove.UNDO_HAND_OVER,
        (LoanState.ACTIVE,),
        LoanState.OUT_FOR_DELIVERY,
        HUB,
        "Hand-over at the door taken back",
        (just_handed_over, nobody_had_it),
        needs_reason=True,
    ),
    Transition(
        LoanMove.UNDO_HUB_HAND_OVER,
        (LoanState.ACTIVE,),
        LoanState.ALLOCATED,
        HUB,
        "Hand-over at the hub taken back",
        (just_handed_over, nobody_had_it),
        needs_reason=True,
    ),
)
