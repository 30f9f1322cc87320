"""Reads of claims that a tablet was given back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.loans.models import Loan, ReturnClaim
from fleet.loans.rules import WITH_THE_PERSON


def open_claim(session: Session, loan_id: int) -> ReturnClaim | None:
    """The claim of a loan about which nobody has decided."""
    return session.scalar(select(ReturnClaim).where(ReturnClaim.loan_id == loan_id, ReturnClaim.settled_at.is_(None)))


def claims_of_loan(session: Session, loan_id: int) -> Sequence[ReturnClaim]:
    """Newest first."""
    query = select(ReturnClaim).where(ReturnClaim.loan_id == loan_id)
    return session.scalars(query.order_by(ReturnClaim.id.desc())).all()


def open_claims(session: Session) -> Sequence[ReturnClaim]:
    """Every claim about which nobody has decided, of loans that somebody has and may be asked about."""
    query = select(ReturnClaim).join(Loan, Loan.id == ReturnClaim.loan_id)
    running = (Loan.state.in_(WITH_THE_PERSON), Loan.stopped_at.is_(None))
    return session.scalars(query.where(ReturnClaim.settled_at.is_(None), *running).order_by(ReturnClaim.id)).all()
