"""Every read of the catalogue of gatherings and of its log."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import extract, func, or_, select
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.gatherings.models import Gathering, GatheringEvent
from fleet.gatherings.rules import GatheringState, Platform, Theme


def gathering(session: Session, gathering_id: int) -> Gathering | None:
    return session.get(Gathering, gathering_id)


def gathering_locked(session: Session, gathering_id: int) -> Gathering | None:
    query = select(Gathering).where(Gathering.id == gathering_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def by_ids(session: Session, gathering_ids: Sequence[int]) -> dict[int, Gathering]:
    found = session.scalars(select(Gathering).where(Gathering.id.in_(gathering_ids)))
    return {each.id: each for each in found}


def approved(session: Session) -> Sequence[Gathering]:
    """In the order of the week."""
    query = select(Gathering).where(Gathering.state == GatheringState.APPROVED)
    return session.scalars(query.order_by(Gathering.weekday, Gathering.starts_at, Gathering.id)).all()


def events(session: Session, gathering_id: int) -> Sequence[GatheringEvent]:
    """Newest first."""
    query = select(GatheringEvent).where(GatheringEvent.gathering_id == gathering_id)
    return session.scalars(query.order_by(GatheringEvent.id.desc()).limit(200)).all()


def event_by_client_id(session: Session, client_id: str) -> GatheringEvent | None:
    return session.scalar(select(GatheringEvent).where(GatheringEvent.client_id == client_id))


def find_gatherings(session: Session, query: ListQuery, *, host_id: int | None = None) -> Found[Gathering]:
    """Filters: `state`, `theme`, `platform`, `language`, `q` (part of the title).

    With `host_id` only those of that organisation, and the approved ones of everybody.
    """
    statement = select(Gathering)
    if host_id is not None:
        statement = statement.where(or_(Gathering.host_id == host_id, Gathering.state == GatheringState.APPROVED))
    if (state := query.choice("state", GatheringState)) is not None:
        statement = statement.where(Gathering.state == state)
    if (theme := query.choice("theme", Theme)) is not None:
        statement = statement.where(Gathering.theme == theme)
    if (platform := query.choice("platform", Platform)) is not None:
        statement = statement.where(Gathering.platform == platform)
    if query.filter("language"):
        statement = statement.where(Gathering.language == query.filter("language"))
    if query.filter("q"):
        statement = statement.where(func.lower(Gathering.title).contains(query.filter("q").lower(), autoescape=True))
    sorts = {
        "title": func.lower(Gathering.title),
        "day": Gathering.weekday * 1440
        + extract("hour", Gathering.starts_at) * 60
        + extract("minute", Gathering.starts_at),
        "state": Gathering.state,
        "theme": Gathering.theme,
    }
    return find(session, statement, query, sorts=sorts, tie=Gathering.id, default_sort="day")
