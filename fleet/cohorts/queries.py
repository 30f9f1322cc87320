"""Every read of programmes and cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from fleet.cohorts.models import Cohort, Programme, ProgrammeGathering
from fleet.database.base import LARGEST_ID
from fleet.http.paging import Found, ListQuery, find


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


def gathering_ids(session: Session, programme_id: int) -> tuple[int, ...]:
    query = select(ProgrammeGathering.gathering_id).where(ProgrammeGathering.programme_id == programme_id)
    return tuple(session.scalars(query.order_by(ProgrammeGathering.place)))


def replace_gatherings(session: Session, programme_id: int, chosen: Sequence[int]) -> None:
    session.execute(delete(ProgrammeGathering).where(ProgrammeGathering.programme_id == programme_id))
    for place, gathering_id in enumerate(chosen):
        session.add(ProgrammeGathering(programme_id=programme_id, gathering_id=gathering_id, place=place))
    session.flush()


def find_cohorts(session: Session, query: ListQuery) -> Found[Cohort]:
    """Filters: `programme` (its number), `q` (part of the name)."""
    statement = select(Cohort)
    if query.filter("programme").isdecimal():
        statement = statement.where(Cohort.programme_id == min(int(query.filter("programme")), LARGEST_ID))
    if query.filter("q"):
        statement = statement.where(func.lower(Cohort.name).like(f"%{query.filter('q').lower()}%"))
    sorts: dict[str, Any] = {"name": func.lower(Cohort.name), "starts": Cohort.starts_on, "ends": Cohort.ends_on}
    return find(session, statement, query, sorts=sorts, tie=Cohort.id, default_sort="starts", default_descending=True)
