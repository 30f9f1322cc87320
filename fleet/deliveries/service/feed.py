"""Calendar feeds: the secret in a person's address, and the runs that stand in a courier's."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.calendar_file import Standing
from fleet.clock import local_date
from fleet.deliveries import queries
from fleet.deliveries.calendar import Entry, calendar_file
from fleet.deliveries.models import CourierFeed, CourierRun
from fleet.deliveries.queries import Stop
from fleet.deliveries.rules import JobEnd, RunState
from fleet.errors import NotFound
from fleet.partners import service as partners
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.models import User
from fleet.users.rules import Role
from fleet.users.service import counts_here, hash_token

DAYS_BACK, DAYS_AHEAD = 14, 180


def feed_of(session: Session, actor: Actor) -> CourierFeed | None:
    """The courier's own feed while it is on."""
    found = queries.feed(session, actor.user_id or 0)
    return found if found is not None and found.ended_at is None else None


def make_feed(session: Session, *, actor: Actor, now: datetime) -> str:
    """Switch the courier's own feed on, or give it another address; the old one stops working. Told once only."""
    token = secrets.token_urlsafe(32)
    found = queries.feed_locked(session, actor.user_id or 0)
    if found is None:
        found = CourierFeed(user_id=actor.user_id)
        session.add(found)
    found.token_hash, found.made_at, found.ended_at = hash_token(token), now, None
    session.flush()
    return token


def end_feed(session: Session, *, actor: Actor, now: datetime) -> None:
    """Switch the courier's own feed off. Harmless when it is off."""
    found = queries.feed_locked(session, actor.user_id or 0)
    if found is not None and found.ended_at is None:
        found.ended_at = now


def feed_user(session: Session, token: str, *roles: Role, settings: Settings) -> User:
    """Whose secret address this is, if they have one of these roles. Raises `NotFound` for every address that is none,
    in the same words. One address a person, whatever calendars they may see by it."""
    found = queries.feed_by_hash(session, hash_token(token))
    user = queries.user(session, found.user_id) if found is not None and found.ended_at is None else None
    if user is None or not set(roles) & set(user.roles) or not counts_here(user, settings):
        raise NotFound(
            "There is no calendar at this address.",
            next_step="Open the page about your calendar, and ask for its address again.",
        )
    return user


def feed_file(session: Session, token: str, *, settings: Settings, now: datetime) -> bytes:
    """The file behind a courier's secret address. Raises `NotFound`."""
    user = feed_user(session, token, Role.COURIER, settings=settings)
    hub = partners.hub_of(session, user)
    zone = ZoneInfo(hub.time_zone)
    today = local_date(now, zone)
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    runs = queries.runs_ever_of(session, user.id, first=first, last=last)
    ids = [run.id for run in runs]
    stops, revisions = queries.stops_of(session, ids), queries.revisions(session, ids)
    entries = [
        _entry(run, [stop for stop in stops if stop.run.id == run.id], revisions[run.id], user.id) for run in runs
    ]
    return calendar_file(entries, zone=zone, public_url=settings.public_url)


def _entry(run: CourierRun, stops: list[Stop], revision: tuple[int, datetime], courier_id: int) -> Entry:
    """A run that is another's by now stays to be struck out, without hours and areas."""
    mine = run.courier_id == courier_id and run.state is not RunState.PLANNED
    on_it = [stop for stop in stops if stop.job.ended is not JobEnd.TAKEN_OFF] if mine else []
    asked = Standing.ASKED if run.state is RunState.OFFERED else Standing.TAKEN_ON
    return Entry(
        run_id=run.id,
        day=run.day,
        stops=len(on_it),
        areas=tuple(sorted({stop.area for stop in on_it} - {""})),
        begins=min((stop.job.window_from for stop in on_it), default=None),
        ends=max((stop.job.window_to for stop in on_it), default=None),
        standing=asked if mine else Standing.NOT_YOURS,
        revision=revision[0],
        changed_at=revision[1],
    )
