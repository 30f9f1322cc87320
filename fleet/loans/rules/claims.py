"""How a claim that a tablet was given back ends: by what happens to the tablet, or by what somebody says."""

from __future__ import annotations

from fleet.loans.rules.states import ClaimOutcome, LoanMove

SAID = (ClaimOutcome.WITH_THEM, ClaimOutcome.WITHDRAWN)
"""What somebody may say of it; the other outcomes come with the act that they are."""
ENDS_A_CLAIM: dict[LoanMove, ClaimOutcome] = {
    LoanMove.COLLECT: ClaimOutcome.CAME_BACK,
    LoanMove.HAND_IN: ClaimOutcome.CAME_BACK,
    LoanMove.LOSE: ClaimOutcome.LOST,
    LoanMove.GIFT: ClaimOutcome.GIVEN,
}
OPENS_IT_AGAIN = frozenset(
    {
        LoanMove.UNDO_HAND_IN,
        LoanMove.UNDO_HAND_IN_ARRANGED,
        LoanMove.UNDO_COLLECT,
        LoanMove.UNDO_COLLECT_ARRANGED,
    }
)
CAME_ON = "came_on"
"""What the log calls the day on which a tablet came, where that is not the day on which it was written down."""
