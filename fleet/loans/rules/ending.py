"""The moves that end a loan otherwise: given for good, lost, and found again."""

from __future__ import annotations

from fleet.loans.rules.guards import gifts_allowed, no_swap_arranged, person_alive
from fleet.loans.rules.states import LoanMove, LoanState
from fleet.loans.rules.transition import AGREES_TO_A_LOSS, COORDINATOR, DATA_ALONE, HUB, Transition
from fleet.users.rules import Role

ENDING: tuple[Transition, ...] = (
    Transition(
        LoanMove.END_DATA,
        (LoanState.ACTIVE,),
        LoanState.CLOSED_RETURNED,
        COORDINATOR,
        "Loan of data ended",
        kinds=DATA_ALONE,
    ),
    Transition(
        LoanMove.GIFT,
        (LoanState.ACTIVE,),
        LoanState.CLOSED_GIFTED,
        COORDINATOR,
        "Given for good",
        (person_alive, gifts_allowed, no_swap_arranged),
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOSE,
        (LoanState.ACTIVE, LoanState.RETURN_ARRANGED),
        LoanState.CLOSED_LOST,
        AGREES_TO_A_LOSS,
        "Recorded as lost",
        (no_swap_arranged,),
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOSE_ON_THE_WAY_OUT,
        (LoanState.OUT_FOR_DELIVERY,),
        LoanState.APPROVED,
        AGREES_TO_A_LOSS,
        "Tablet lost on the way out",
        needs_reason=True,
    ),
    Transition(
        LoanMove.LOSE_ON_THE_WAY_BACK,
        (LoanState.COLLECTED,),
        LoanState.CLOSED_RETURNED,
        AGREES_TO_A_LOSS,
        "Tablet lost on the way back",
        needs_reason=True,
    ),
    Transition(
        LoanMove.FIND,
        (LoanState.CLOSED_LOST,),
        LoanState.CLOSED_RETURNED,
        HUB | {Role.SYSTEM},
        "Found again",
        offered=False,
    ),
)
