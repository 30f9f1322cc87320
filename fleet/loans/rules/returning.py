"""The moves that bring the tablet back to the shelf, and what takes them back."""

from __future__ import annotations

from fleet.loans.rules.guards import just_collected, no_swap_arranged
from fleet.loans.rules.states import LoanMove, LoanState
from fleet.loans.rules.transition import COORDINATOR, COURIER, HUB, TECHNICIAN, Transition
from fleet.users.rules import Role

RETURNING: tuple[Transition, ...] = (
    Transition(
        LoanMove.ARRANGE_RETURN,
        (LoanState.ACTIVE,),
        LoanState.RETURN_ARRANGED,
        COORDINATOR,
        "Return arranged",
        (no_swap_arranged,),
    ),
    Transition(
        LoanMove.CANCEL_RETURN,
        (LoanState.RETURN_ARRANGED,),
        LoanState.ACTIVE,
        COORDINATOR | COURIER,
        "Return called off",
        needs_reason=True,
    ),
    Transition(
        LoanMove.COLLECT,
        (LoanState.ACTIVE, LoanState.RETURN_ARRANGED),
        LoanState.COLLECTED,
        COURIER,
        "Collected",
        offered=False,
    ),
    Transition(
        LoanMove.UNDO_COLLECT,
        (LoanState.COLLECTED,),
        LoanState.ACTIVE,
        HUB,
        "Collection taken back: they have it still",
        (just_collected,),
        needs_reason=True,
    ),
    Transition(
        LoanMove.UNDO_COLLECT_ARRANGED,
        (LoanState.COLLECTED,),
        LoanState.RETURN_ARRANGED,
        HUB,
        "Collection taken back: they have it still, and its return stays arranged",
        (just_collected,),
        needs_reason=True,
    ),
    Transition(
        LoanMove.HAND_IN,
        (LoanState.ACTIVE, LoanState.RETURN_ARRANGED),
        LoanState.COLLECTED,
        COURIER | COORDINATOR,
        "Handed in at the hub",
        offered=False,
    ),
    Transition(
        LoanMove.UNDO_HAND_IN,
        (LoanState.COLLECTED,),
        LoanState.ACTIVE,
        TECHNICIAN,
        "Hand-in at the hub taken back",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        LoanMove.UNDO_HAND_IN_ARRANGED,
        (LoanState.COLLECTED,),
        LoanState.RETURN_ARRANGED,
        TECHNICIAN,
        "Hand-in at the hub taken back; its return stays arranged",
        needs_reason=True,
        offered=False,
    ),
    Transition(
        LoanMove.CLOSE_RETURNED,
        (LoanState.COLLECTED,),
        LoanState.CLOSED_RETURNED,
        TECHNICIAN | {Role.SYSTEM},
        "Given back and inspected",
        offered=False,
    ),
    Transition(
        LoanMove.UNDO_CLOSE,
        (LoanState.CLOSED_RETURNED,),
        LoanState.COLLECTED,
        TECHNICIAN,
        "Inspection taken back",
        needs_reason=True,
        offered=False,
    ),
)
