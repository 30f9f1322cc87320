"""Reads and writes of what a loan's tablet is to be: its gatherings, and the tablet made for it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from fleet.loans.models import Loan, LoanGathering, LoanSetUp
from fleet.loans.rules import BEFORE_ALLOCATION
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage


def gathering_ids(session: Session, loan_id: int) -> tuple[int, ...]:
    """What was chosen for this loan, in the order of its tiles; empty where nobody chose."""
    query = select(LoanGathering.gathering_id).where(LoanGathering.loan_id == loan_id)
    return tuple(session.scalars(query.order_by(LoanGathering.place)))


def replace_gatherings(session: Session, loan_id: int, chosen: Sequence[int]) -> None:
    session.execute(delete(LoanGathering).where(LoanGathering.loan_id == loan_id))
    for place, gathering_id in enumerate(chosen):
        session.add(LoanGathering(loan_id=loan_id, gathering_id=gathering_id, place=place))
    session.flush()


def set_up_tablet_id(session: Session, loan_id: int) -> int | None:
    """The tablet that is to be made for this loan."""
    return session.scalar(select(LoanSetUp.tablet_id).where(LoanSetUp.loan_id == loan_id))


def loan_to_set_up_for(session: Session, tablet_id: int) -> Loan | None:
    """The waiting loan that this tablet is to be made for."""
    query = select(Loan).join(LoanSetUp, LoanSetUp.loan_id == Loan.id).where(LoanSetUp.tablet_id == tablet_id)
    return session.scalar(query.where(Loan.state.in_(BEFORE_ALLOCATION)))


def forget_set_up(session: Session, *, loan_id: int, tablet_id: int | None = None) -> None:
    session.execute(delete(LoanSetUp).where(or_(LoanSetUp.loan_id == loan_id, LoanSetUp.tablet_id == tablet_id)))


def tablets_to_set_up(session: Session, *, hub_id: int, limit: int = 100) -> Sequence[Tablet]:
    """Clean tablets at the hub that are made for no other waiting loan."""
    taken = (
        select(LoanSetUp.tablet_id).join(Loan, Loan.id == LoanSetUp.loan_id).where(Loan.state.in_(BEFORE_ALLOCATION))
    )
    stages = (Stage.WIPED, Stage.PROVISIONED, Stage.READY)
    query = select(Tablet).where(Tablet.hub_id == hub_id, Tablet.stage.in_(stages), Tablet.id.not_in(taken))
    return session.scalars(query.where(Tablet.retiring.is_(False)).order_by(Tablet.id).limit(limit)).all()
