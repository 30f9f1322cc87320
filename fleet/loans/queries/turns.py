"""Every read of the waiting list: whose turn depends on what, and what is ready for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from fleet.cohorts.models import Cohort
from fleet.loans.models import Loan
from fleet.loans.rules import LoanKind, LoanState
from fleet.loans.rules.waiting import Turn
from fleet.people.models import Need
from fleet.people.rules import NeedCode
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Stage

WAITS = (LoanState.WAITING, LoanState.APPROVED)


def turns(session: Session, *, hub_id: int) -> list[Turn]:
    """All that the order of the waiting list depends on, for everybody on it, in no order."""
    other = Loan.__table__.alias("other")
    had_one = exists().where(
        other.c.person_id == Loan.person_id, other.c.id != Loan.id, other.c.started_on.is_not(None)
    )
    query = (
        select(Loan.id, Loan.requested_at, had_one, Cohort.starts_on, Cohort.ends_on)
        .outerjoin(Cohort, Cohort.id == Loan.cohort_id)
        .where(Loan.state.in_(WAITS), Loan.kind == LoanKind.TABLET, Loan.hub_id == hub_id)
    )
    return [
        Turn(number, asked_at, bool(had), _month(starts, ends))
        for number, asked_at, had, starts, ends in session.execute(query)
    ]


def _month(starts: date | None, ends: date | None) -> tuple[date, date] | None:
    return None if starts is None or ends is None else (starts, ends)


def waiting_ids_of_referrer(session: Session, referrer_id: int) -> frozenset[int]:
    query = select(Loan.id).where(Loan.state.in_(WAITS), Loan.referrer_id == referrer_id)
    return frozenset(session.scalars(query))


def loans_by_id(session: Session, loan_ids: Sequence[int]) -> dict[int, Loan]:
    return {loan.id: loan for loan in session.scalars(select(Loan).where(Loan.id.in_(loan_ids)))}


def need_codes_of(session: Session, person_ids: Sequence[int]) -> dict[int, frozenset[NeedCode]]:
    """person -> what they need, for those who need anything."""
    query = select(Need.person_id, Need.code).where(Need.person_id.in_(person_ids), Need.ended_at.is_(None))
    found: dict[int, frozenset[NeedCode]] = {}
    for person_id, code in session.execute(query):
        found[person_id] = found.get(person_id, frozenset()) | {code}
    return found


def ready_profiles(session: Session, *, hub_id: int) -> Sequence[str]:
    """The profile of each tablet that stands ready and is not held."""
    held = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
    query = select(Tablet.profile).where(Tablet.stage == Stage.READY, Tablet.hub_id == hub_id, Tablet.id.not_in(held))
    return session.scalars(query).all()
