"""Every read of programmes, cohorts, their plans, and the days on which hubs are open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, func, or_, select
from sqlalchemy.orm import Session

from fleet.cohorts.calendar import Hours
from fleet.cohorts.models import Closure, Cohort, OpeningHours, PlanDate, Programme, ProgrammeFunder, ProgrammeGathering
from fleet.cohorts.plan import DateKind
from fleet.cohorts.rules import PaidBy
from fleet.database.lists import Found, ListQuery, find


def programme(session: Session, programme_id: int) -> Programme | None:
    return session.get(Programme, programme_id)


def cohort(session: Session, cohort_id: int) -> Cohort | None:
    return session.get(Cohort, cohort_id)


def programme_by_name(session: Session, hub_id: int, name: str) -> Programme | None:
    query = select(Programme).where(Programme.hub_id == hub_id, func.lower(Programme.name) == name.lower())
    return session.scalar(query)


def cohort_by_name(session: Session, programme_id: int, name: str) -> Cohort | None:
    query = select(Cohort).where(Cohort.programme_id == programme_id, func.lower(Cohort.name) == name.lower())
    return session.scalar(query)


def programmes(session: Session, *, only_active: bool = False) -> Sequence[Programme]:
    query = select(Programme).order_by(func.lower(Programme.name))
    return session.scalars(query.where(Programme.active) if only_active else query).all()


def programmes_by_id(session: Session, programme_ids: Sequence[int]) -> dict[int, Programme]:
    return {row.id: row for row in session.scalars(select(Programme).where(Programme.id.in_(programme_ids)))}


def cohorts_not_over(session: Session, today: date) -> Sequence[Cohort]:
    return session.scalars(select(Cohort).where(Cohort.ends_on >= today).order_by(Cohort.starts_on, Cohort.id)).all()


def cohorts_of(session: Session, programme_id: int) -> Sequence[Cohort]:
    """A programme's cohorts in the order in which they were written down."""
    return session.scalars(select(Cohort).where(Cohort.programme_id == programme_id).order_by(Cohort.id)).all()


def gathering_ids(session: Session, programme_id: int) -> tuple[int, ...]:
    query = select(ProgrammeGathering.gathering_id).where(ProgrammeGathering.programme_id == programme_id)
    return tuple(session.scalars(query.order_by(ProgrammeGathering.place)))


def replace_gatherings(session: Session, programme_id: int, chosen: Sequence[int]) -> None:
    session.execute(delete(ProgrammeGathering).where(ProgrammeGathering.programme_id == programme_id))
    for place, gathering_id in enumerate(chosen):
        session.add(ProgrammeGathering(programme_id=programme_id, gathering_id=gathering_id, place=place))
    session.flush()


def funders_of(session: Session, programme_ids: Sequence[int]) -> dict[int, tuple[PaidBy, ...]]:
    """Who pays for each of these programmes, in the order in which they were written down."""
    query = select(ProgrammeFunder).where(ProgrammeFunder.programme_id.in_(programme_ids))
    found: dict[int, tuple[PaidBy, ...]] = {}
    for each in session.scalars(query.order_by(ProgrammeFunder.programme_id, ProgrammeFunder.place)):
        found[each.programme_id] = (*found.get(each.programme_id, ()), PaidBy(each.funder_id, each.note))
    return found


def replace_funders(session: Session, programme_id: int, funders: Sequence[PaidBy]) -> None:
    session.execute(delete(ProgrammeFunder).where(ProgrammeFunder.programme_id == programme_id))
    for place, each in enumerate(funders):
        made = ProgrammeFunder(programme_id=programme_id, funder_id=each.funder_id, note=each.note, place=place)
        session.add(made)
    session.flush()


def find_programmes(session: Session, query: ListQuery) -> Found[Programme]:
    """Filters: `active` (yes: those that still lend), `q` (part of the name)."""
    statement = select(Programme)
    if query.says_yes("active"):
        statement = statement.where(Programme.active)
    if query.filter("q"):
        statement = statement.where(func.lower(Programme.name).like(f"%{query.filter('q').lower()}%"))
    sorts: dict[str, Any] = {"name": func.lower(Programme.name)}
    return find(session, statement, query, sorts=sorts, tie=Programme.id, default_sort="name")


def find_cohorts(session: Session, query: ListQuery) -> Found[Cohort]:
    """Filters: `programme` (its number), `q` (part of the name)."""
    statement = select(Cohort)
    if (programme_id := query.number("programme")) is not None:
        statement = statement.where(Cohort.programme_id == programme_id)
    if query.filter("q"):
        statement = statement.where(func.lower(Cohort.name).like(f"%{query.filter('q').lower()}%"))
    sorts: dict[str, Any] = {"name": func.lower(Cohort.name), "starts": Cohort.starts_on, "ends": Cohort.ends_on}
    return find(session, statement, query, sorts=sorts, tie=Cohort.id, default_sort="starts", default_descending=True)


_WEEK = select(OpeningHours).where(OpeningHours.hub_id == bindparam("hub_id")).order_by(OpeningHours.weekday)
_CLOSURES = (
    select(Closure)
    .where(Closure.hub_id == bindparam("hub_id"), Closure.withdrawn_at.is_(None))
    .order_by(Closure.first_on, Closure.id)
)


def opening_hours(session: Session, hub_id: int) -> Sequence[OpeningHours]:
    return session.scalars(_WEEK, {"hub_id": hub_id}).all()


def replace_opening_hours(session: Session, hub_id: int, week: Sequence[Hours]) -> None:
    session.execute(delete(OpeningHours).where(OpeningHours.hub_id == hub_id))
    for hours in week:
        made = OpeningHours(hub_id=hub_id, weekday=hours.weekday, opens_at=hours.opens_at, closes_at=hours.closes_at)
        session.add(made)
    session.flush()


def closures(session: Session, hub_id: int) -> Sequence[Closure]:
    """What is not withdrawn, soonest first."""
    return session.scalars(_CLOSURES, {"hub_id": hub_id}).all()


def closure(session: Session, closure_id: int) -> Closure | None:
    return session.get(Closure, closure_id)


def closure_by_client_id(session: Session, client_id: str) -> Closure | None:
    return session.scalar(select(Closure).where(Closure.client_id == client_id))


def find_closures(session: Session, hub_id: int, query: ListQuery, *, today: date) -> Found[Closure]:
    """Filters: `past` (yes: those that are over as well), `withdrawn` (yes: those that were taken back as well)."""
    statement = select(Closure).where(Closure.hub_id == hub_id)
    if not query.says_yes("past"):
        statement = statement.where(or_(Closure.last_on >= today, Closure.yearly))
    if not query.says_yes("withdrawn"):
        statement = statement.where(Closure.withdrawn_at.is_(None))
    sorts: dict[str, Any] = {"first": Closure.first_on, "name": func.lower(Closure.name)}
    return find(session, statement, query, sorts=sorts, tie=Closure.id, default_sort="first")


def plan_date(session: Session, date_id: int) -> PlanDate | None:
    return session.get(PlanDate, date_id)


def collections_of(session: Session, cohort_id: int) -> Sequence[PlanDate]:
    query = select(PlanDate).where(PlanDate.cohort_id == cohort_id, PlanDate.kind == DateKind.DATA_COLLECTION)
    return session.scalars(query.order_by(PlanDate.planned_on, PlanDate.id)).all()


def plan_of(session: Session, programme_id: int) -> Sequence[PlanDate]:
    """A programme's days in the order in which they were written."""
    query = select(PlanDate).where(PlanDate.programme_id == programme_id)
    return session.scalars(query.order_by(PlanDate.place, PlanDate.id)).all()


def last_place(session: Session, programme_id: int) -> int:
    query = select(func.max(PlanDate.place)).where(PlanDate.programme_id == programme_id)
    return session.scalar(query) or 0
