"""How the search for a tablet ended that is said to be back: the claim gets its outcome, and its hold is lifted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.rules import HoldReason
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import ReturnClaim
from fleet.loans.rules import ClaimOutcome
from fleet.users.actor import Actor


def end_search(
    session: Session, loan_id: int, outcome: ClaimOutcome, *, actor: Actor, happening: Happening
) -> ReturnClaim:
    """They have it still, or no longer say that they gave it back: chasing goes on with the next tick. Raises what
    `loans.settle_claim` raises."""
    claim = loans.settle_claim(session, loan_id, outcome, actor=actor, happening=happening)
    for hold in queries.holds_about(session, loans.get_loan(session, loan_id)):
        if hold.reason is HoldReason.SAYS_GIVEN_BACK and hold.loan_id == loan_id and hold.lifted_at is None:
            hold.lifted_at, hold.lifted_by = happening.now, actor.name
    session.flush()
    return claim
