"""Every read of planning: counts grouped in the database, so that no answer grows with the loans that are over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import Session

from fleet.cohorts.models import Closure, Cohort, PlanDate, Programme
from fleet.deliveries.models import CourierRun
from fleet.deliveries.rules import RunState
from fleet.loans.models import DueVersion, Loan
from fleet.loans.rules import BEFORE_ALLOCATION, HAS_A_PLACE, TO_BE_BROUGHT, WITH_A_TABLET, WITH_THE_PERSON, LoanState
from fleet.loans.service import Condition
from fleet.people.models import Person
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import FINAL, HoldKind, Stage

LEAVING = (LoanState.ALLOCATED, LoanState.OUT_FOR_DELIVERY)
NEEDS_REPAIR = (Condition.DAMAGED.value, Condition.NOT_WORKING.value)


def cohorts_from(session: Session, hub_id: int, day: date, *, limit: int) -> Sequence[tuple[Cohort, Programme]]:
    """The cohorts of a hub that begin on `day` or later, soonest first."""
    query = select(Cohort, Programme).join(Programme, Programme.id == Cohort.programme_id)
    query = query.where(Cohort.starts_on >= day, Programme.hub_id == hub_id).order_by(Cohort.starts_on, Cohort.id)
    return [(cohort, programme) for cohort, programme in session.execute(query.limit(limit))]


def cohorts_around(session: Session, hub_id: int, first: date, last: date) -> Sequence[tuple[Cohort, Programme]]:
    """The cohorts that begin or end between two days, or run all the time between them."""
    query = select(Cohort, Programme).join(Programme, Programme.id == Cohort.programme_id)
    query = query.where(Cohort.starts_on <= last, Cohort.ends_on >= first, Programme.hub_id == hub_id)
    return [(cohort, programme) for cohort, programme in session.execute(query.order_by(Cohort.id))]


def plan_between(session: Session, hub_id: int, first: date, last: date) -> Sequence[tuple[PlanDate, Programme]]:
    query = select(PlanDate, Programme).join(Programme, Programme.id == PlanDate.programme_id)
    query = query.where(PlanDate.planned_on >= first, PlanDate.planned_on <= last, Programme.hub_id == hub_id)
    return [(each, programme) for each, programme in session.execute(query.order_by(PlanDate.id))]


def filled_places(session: Session, cohort_ids: Collection[int]) -> dict[int, int]:
    """cohort -> how many of its people have a tablet, had one, or have one kept for them."""
    query = select(Loan.cohort_id, func.count()).where(Loan.cohort_id.in_(cohort_ids), Loan.state.in_(HAS_A_PLACE))
    found = session.execute(query.group_by(Loan.cohort_id))
    return {cohort_id: count for cohort_id, count in found if cohort_id is not None}


def tablets_by_stage(session: Session, hub_id: int, *, with_virtual: bool, fresh_since: datetime) -> dict[Stage, int]:
    """What the hub has and nobody holds back, by stage; those that are to retire are left out. One that stands ready
    but was verified before `fresh_since` is checked again before it is lent: it counts as provisioned."""
    held = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
    fresh = func.coalesce(Tablet.verified_at >= fresh_since, false()).label("fresh")
    query = select(Tablet.stage, fresh, func.count()).where(
        *_own(hub_id, with_virtual=with_virtual), Tablet.retiring.is_(False), Tablet.id.not_in(held)
    )
    found: dict[Stage, int] = {}
    for stage, is_fresh, count in session.execute(query.group_by(Tablet.stage, "fresh")):
        stands = Stage.PROVISIONED if stage is Stage.READY and not is_fresh else stage
        found[stands] = found.get(stands, 0) + count
    return found


def tablets_held(session: Session, hub_id: int, *, with_virtual: bool) -> dict[HoldKind, int]:
    """Held tablets at the hub, each counted by the first kind of hold it has."""
    query = (
        select(func.min(Hold.kind), Hold.tablet_id)
        .join(Tablet, Tablet.id == Hold.tablet_id)
        .where(*_own(hub_id, with_virtual=with_virtual), Hold.lifted_at.is_(None), Tablet.stage.not_in(_NOT_COUNTED))
        .where(Tablet.retiring.is_(False))
        .group_by(Hold.tablet_id)
        .subquery()
    )
    counted = select(query.c[0], func.count()).group_by(query.c[0])
    return {HoldKind(kind): count for kind, count in session.execute(counted)}


def tablets_retiring(session: Session, hub_id: int, *, with_virtual: bool) -> int:
    query = select(func.count()).where(
        *_own(hub_id, with_virtual=with_virtual), Tablet.retiring, Tablet.stage.not_in(_NOT_COUNTED)
    )
    return session.scalar(query) or 0


_NOT_COUNTED = (Stage.ON_LOAN, Stage.ALLOCATED, Stage.IN_TRANSIT_OUT, Stage.RETIRED, Stage.AWAITING_RECYCLE)
"""Stages of tablets that the forecast counts by the loan they belong to, or not at all."""


def _own(hub_id: int, *, with_virtual: bool) -> list[ColumnElement[bool]]:
    own = [Tablet.hub_id == hub_id, Tablet.stage.not_in(FINAL)]
    return own if with_virtual else [*own, Tablet.is_virtual.is_(False)]


def due_counts(session: Session, hub_id: int, *, first: date | None = None) -> dict[tuple[LoanState, date], int]:
    """(state, due date) -> loans that are with their person and may be asked for."""
    query = select(Loan.state, Loan.due_on, func.count()).where(
        Loan.hub_id == hub_id, Loan.state.in_(WITH_THE_PERSON), Loan.stopped_at.is_(None), Loan.due_on.is_not(None)
    )
    if first is not None:
        query = query.where(Loan.due_on >= first)
    found = session.execute(query.group_by(Loan.state, Loan.due_on)).all()
    return {(state, due_on): count for state, due_on, count in found if due_on is not None}


def loans_due_on(session: Session, hub_id: int, days: Collection[date]) -> Sequence[tuple[int, date]]:
    """The loans with their person that are due on these days."""
    query = select(Loan.id, Loan.due_on).where(
        Loan.hub_id == hub_id, Loan.state.in_(WITH_THE_PERSON), Loan.stopped_at.is_(None), Loan.due_on.in_(days)
    )
    return [(loan_id, due_on) for loan_id, due_on in session.execute(query) if due_on is not None]


def people_of(session: Session, loan_ids: Sequence[int]) -> dict[int, Person]:
    """loan -> its person."""
    query = select(Loan.id, Person).join(Person, Person.id == Loan.person_id).where(Loan.id.in_(loan_ids))
    return dict(session.execute(query).all())


def loans_of_cohort(session: Session, cohort_id: int) -> Sequence[tuple[int, LoanState, date | None]]:
    """(loan, state, due date) of a cohort's loans that may still be asked for or are still to be handed over."""
    query = select(Loan.id, Loan.state, Loan.due_on).where(
        Loan.cohort_id == cohort_id,
        Loan.state.in_(WITH_THE_PERSON | BEFORE_ALLOCATION | TO_BE_BROUGHT),
        Loan.stopped_at.is_(None),
    )
    return [(*row,) for row in session.execute(query.order_by(Loan.id))]


def due_days(session: Session, hub_id: int, first: date, last: date) -> Sequence[tuple[date, int, datetime]]:
    """(due date, loans, when one of them changed last, or one that was due on it before) between two days."""
    query = select(Loan.due_on, func.count(), func.max(Loan.changed_at)).where(
        Loan.hub_id == hub_id, Loan.state.in_(WITH_THE_PERSON), Loan.stopped_at.is_(None)
    )
    found = session.execute(query.where(Loan.due_on >= first, Loan.due_on <= last).group_by(Loan.due_on))
    ever = select(DueVersion.due_on, func.max(Loan.changed_at)).join(Loan, Loan.id == DueVersion.loan_id)
    ever = ever.where(Loan.hub_id == hub_id, Loan.due_on >= first, DueVersion.due_on.between(first, last))
    left = dict(session.execute(ever.group_by(DueVersion.due_on)).all())
    return [(day, count, max(changed, left.get(day, changed))) for day, count, changed in found if day is not None]


def last_closed_at(session: Session, hub_id: int) -> datetime | None:
    """When a closure of the hub was last added or withdrawn."""
    latest = select(func.max(Closure.added_at), func.max(Closure.withdrawn_at)).where(Closure.hub_id == hub_id)
    return max((moment for moment in session.execute(latest).one() if moment is not None), default=None)


def leaving_counts(session: Session, hub_id: int) -> dict[tuple[int | None, int], int]:
    """(cohort, programme) -> loans whose tablet is kept for them or on its way to them."""
    query = select(Loan.cohort_id, Loan.programme_id, func.count()).where(
        Loan.hub_id == hub_id, Loan.state.in_(LEAVING)
    )
    found = session.execute(query.group_by(Loan.cohort_id, Loan.programme_id)).all()
    return {(cohort_id, programme_id): count for cohort_id, programme_id, count in found}


def cohort_ends(session: Session, cohort_ids: Collection[int]) -> dict[int, date]:
    return dict(session.execute(select(Cohort.id, Cohort.ends_on).where(Cohort.id.in_(cohort_ids))).all())


def approved_counts(session: Session, hub_id: int) -> dict[int | None, int]:
    """cohort -> approved people who have no tablet yet."""
    query = select(Loan.cohort_id, func.count()).where(
        Loan.hub_id == hub_id, Loan.state == LoanState.APPROVED, Loan.kind.in_(WITH_A_TABLET)
    )
    return dict(session.execute(query.group_by(Loan.cohort_id)).all())


def last_returns(session: Session, hub_id: int, *, limit: int) -> Sequence[tuple[date, date, str]]:
    """(due, returned, condition) of the loans that were due last and came back: so many and no more, however many
    there ever were."""
    query = (
        select(Loan.due_on, Loan.returned_on, Loan.condition)
        .where(Loan.state == LoanState.CLOSED_RETURNED, Loan.hub_id == hub_id, Loan.due_on.is_not(None))
        .order_by(Loan.due_on.desc())
        .limit(limit)
    )
    return [(due, back, condition) for due, back, condition in session.execute(query) if due and back]


def runs_between(session: Session, hub_id: int, first: date, last: date) -> Sequence[tuple[date, int, datetime]]:
    """(day, courier runs somebody was asked to do, when one of them changed last) between two days."""
    query = select(CourierRun.day, func.count(), func.max(CourierRun.changed_at)).where(
        CourierRun.hub_id == hub_id, CourierRun.state != RunState.PLANNED
    )
    found = session.execute(query.where(CourierRun.day >= first, CourierRun.day <= last).group_by(CourierRun.day))
    return [(day, count, changed) for day, count, changed in found]
