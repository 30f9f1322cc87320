"""What a loan's moves do to a claim that its tablet was given back: they end it, or open it once more."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.queries import claims, latest_event
from fleet.loans.rules import ClaimOutcome, LoanMove
from fleet.loans.rules.claims import CAME_ON, ENDS_A_CLAIM, OPENS_IT_AGAIN
from fleet.users.actor import Actor


def claim_follows(session: Session, loan: Loan, move: LoanMove, *, actor: Actor, happening: Happening) -> None:
    """Write the outcome of an open claim that this move is; called before the move is in the log."""
    if move in ENDS_A_CLAIM:
        claim = claims.open_claim(session, loan.id)
        if claim is not None:
            unseen = CAME_ON in happening.details
            claim.outcome = ClaimOutcome.FOUND_WITH_US if unseen else ENDS_A_CLAIM[move]
            claim.settled_at, claim.settled_by = happening.now, actor.name
    elif move in OPENS_IT_AGAIN:
        _open_again(session, loan.id)


def _open_again(session: Session, loan_id: int) -> None:
    """What ended the last claim did not happen."""
    last = next(iter(claims.claims_of_loan(session, loan_id)), None)
    came = latest_event(session, loan_id, LoanMove.HAND_IN.value, LoanMove.COLLECT.value)
    if last is not None and came is not None and last.settled_at == came.at:
        last.outcome, last.settled_at, last.settled_by = None, None, ""
