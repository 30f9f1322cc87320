"""What somebody goes on to when a loan ends: asked once, kept as a code, and changed when it turns out otherwise."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import GoesOn, StopReason
from fleet.loans.service.writer.locks import get_loan
from fleet.loans.service.writer.moves import note
from fleet.loans.service.writer.told import begin
from fleet.people import service as people
from fleet.settings import Settings
from fleet.users.actor import Actor

KIND = "goes_on"


def may_say_what_next(loan: Loan) -> bool:
    """Whether it can be asked of this loan: somebody had it, and has not died."""
    return loan.started_on is not None and loan.stop_reason is not StopReason.DIED and loan.venue_loan_id is None


def say_what_next(
    session: Session, loan_id: int, to: GoesOn, *, actor: Actor, settings: Settings, happening: Happening
) -> Loan:
    """Write down how they are online after this loan, or why not. Raises `Conflict` where nobody can be asked."""
    held = begin(session, loan_id, (KIND,), happening)
    if held is None:
        return get_loan(session, loan_id)
    people.refuse_erased(held.person)
    if not may_say_what_next(held.loan):
        raise Conflict(
            f"Nothing was changed. Nobody goes on from loan {loan_id} to anything.",
            next_step="It is asked of people who had a tablet or data from us.",
        )
    if held.loan.goes_on_to is not to:
        held.loan.goes_on_to = to
        words = "What they go on to was written down"
        note(session, held.loan, kind=KIND, words=words, actor=actor, happening=happening, details={"to": to.value})
    return held.loan
