"""The moves of a loan that runs: longer, and one tablet for another."""

from __future__ import annotations

from fleet.loans.rules.guards import (
    CAPS,
    contact_not_stopped,
    due_by_itself,
    due_not_past,
    later_than_before,
    no_swap_arranged,
    person_alive,
    safe_to_deliver,
    set_up_as_needed,
    swap_arranged,
)
from fleet.loans.rules.states import LoanMove, LoanState
from fleet.loans.rules.transition import AGREES_TO_A_LOSS, COORDINATOR, COURIER, Transition
from fleet.users.rules import Role

RUNNING: tuple[Transition, ...] = (
    Transition(
        LoanMove.EXTEND,
        (LoanState.ACTIVE,),
        LoanState.ACTIVE,
        COORDINATOR,
        "Extended",
        (person_alive, contact_not_stopped, due_by_itself, *CAPS, due_not_past, later_than_before),
        needs_reason=True,
    ),
    Transition(
        LoanMove.ARRANGE_SWAP,
        (LoanState.ACTIVE,),
        LoanState.ACTIVE,
        COORDINATOR,
        "Swap arranged",
        (person_alive, contact_not_stopped, no_swap_arranged, set_up_as_needed),
        needs_reason=True,
    ),
    Transition(
        LoanMove.CALL_OFF_SWAP,
        (LoanState.ACTIVE,),
        LoanState.ACTIVE,
        COORDINATOR,
        "Swap called off",
        (swap_arranged,),
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOAD_SWAP,
        (LoanState.ACTIVE,),
        LoanState.ACTIVE,
        COURIER,
        "The other tablet is on its way with the courier",
        (person_alive, contact_not_stopped, safe_to_deliver, swap_arranged),
        offered=False,
    ),
    Transition(
        LoanMove.SWAP,
        (LoanState.ACTIVE,),
        LoanState.ACTIVE,
        COURIER | {Role.COORDINATOR},
        "Swapped",
        (person_alive, contact_not_stopped, swap_arranged),
    ),
    Transition(
        LoanMove.LOSE_SWAP,
        (LoanState.ACTIVE, LoanState.COLLECTED, LoanState.CLOSED_RETURNED),
        None,
        AGREES_TO_A_LOSS,
        "The other tablet was lost on the way",
        (swap_arranged,),
        needs_reason=True,
    ),
)
