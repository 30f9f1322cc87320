"""Every read of the waiting list: whose turn depends on what, and what is ready for whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from fleet.cohorts.models import Cohort
from fleet.database.locking import locked
from fleet.loans.models import Loan, SecondLook, VenueCustodian, VenueLoan
from fleet.loans.rules import BEFORE_ALLOCATION, HAS_A_PLACE, LoanKind, LoanState
from fleet.loans.rules.waiting import Turn
from fleet.people.models import Need

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


def lock_cohort(session: Session, cohort_id: int) -> None:
    """So that two people are not given its last place at once."""
    locked(session, Cohort, cohort_id)


def asked_into(session: Session, cohort_id: int) -> int:
    """How many places of a cohort are filled, or asked for by somebody who still waits."""
    query = select(func.count()).where(Loan.cohort_id == cohort_id, Loan.state.in_(HAS_A_PLACE | BEFORE_ALLOCATION))
    return session.scalar(query) or 0


def waiting_ids_of_referrer(session: Session, referrer_id: int) -> frozenset[int]:
    query = select(Loan.id).where(Loan.state.in_(WAITS), Loan.referrer_id == referrer_id)
    return frozenset(session.scalars(query))


def waiting_ids_besides(session: Session, cohort: Cohort) -> frozenset[int]:
    """Who waits in the programme of a cohort and is not in it."""
    elsewhere = or_(Loan.cohort_id.is_(None), Loan.cohort_id != cohort.id)
    query = select(Loan.id).where(Loan.state.in_(WAITS), Loan.programme_id == cohort.programme_id, elsewhere)
    return frozenset(session.scalars(query))


def loans_by_id(session: Session, loan_ids: Sequence[int]) -> dict[int, Loan]:
    return {loan.id: loan for loan in session.scalars(select(Loan).where(Loan.id.in_(loan_ids)))}


def holds_more_than_loans(session: Session, person_id: int) -> bool:
    """Whether somebody looked after the tablets of a place, or something about them was for two people to decide."""
    found = (
        select(VenueLoan.id).where(VenueLoan.person_id == person_id),
        select(VenueCustodian.id).where(VenueCustodian.person_id == person_id),
        select(SecondLook.id).where(SecondLook.person_id == person_id),
    )
    return any(session.scalar(query.limit(1)) is not None for query in found)


def needs_by_person(session: Session, person_ids: Sequence[int]) -> dict[int, list[Need]]:
    """person -> what they need, for those who need anything."""
    query = select(Need).where(Need.person_id.in_(person_ids), Need.ended_at.is_(None)).order_by(Need.code)
    found: dict[int, list[Need]] = {}
    for need in session.scalars(query):
        found.setdefault(need.person_id, []).append(need)
    return found
