"""A tablet given for good: it becomes the person's own."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.bundles.rules import SimMove
from fleet.happening import Happening
from fleet.loans.models import Loan
from fleet.loans.rules import LoanMove
from fleet.loans.service.writer.locks import get_loan
from fleet.loans.service.writer.moves import let_go, make, move_sim, move_tablet
from fleet.loans.service.writer.told import begin
from fleet.settings import Settings
from fleet.tablets.rules import Move
from fleet.users.actor import Actor


def mark_gifted(session: Session, loan_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> Loan:
    """The tablet becomes the person's own, with its data plan; `happening.reason` names the authority."""
    held = begin(session, loan_id, (LoanMove.GIFT.value,), happening)
    if held is None:
        return get_loan(session, loan_id)
    make(session, held, LoanMove.GIFT, actor=actor, happening=happening)
    if held.tablet is not None:
        move_tablet(
            session, held.tablet.id, Move.GIFT, loan=held.loan, actor=actor, settings=settings, happening=happening
        )
    move_sim(session, held, SimMove.KEEP, actor=actor, happening=happening)
    let_go(held, happening.now)
    session.flush()
    return held.loan
