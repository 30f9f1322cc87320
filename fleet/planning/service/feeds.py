"""The hub's plan as calendars fetch it: closed days, cohorts, data collections; for coordinators also how many tablets
are due and how many courier runs there are. Counts only: never a name, an address or a tablet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.calendar_file import Entry, calendar_file
from fleet.clock import local_date
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import HubCalendar, bank_holidays
from fleet.cohorts.models import Closure
from fleet.deliveries import service as deliveries
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.planning import queries
from fleet.settings import Settings
from fleet.users.rules import MATRIX, Permission

DAYS_BACK, DAYS_AHEAD = 30, 400
_HOLIDAYS_KNOWN_AT = datetime(2020, 1, 1, tzinfo=UTC)
"""An entry says when it last changed; a bank holiday was never written down by anybody here."""


@dataclass(frozen=True)
class Feed:
    """The hub whose days these are, and the days that are told."""

    hub_id: int
    first: date
    last: date
    address: str
    calendar: HubCalendar

    def entry(self, kind: str, day: date, words: str, changed_at: datetime, path: str, days: int = 1) -> Entry:
        host = urlsplit(self.address).hostname or "doorstep"
        return Entry(
            uid=f"{kind}@{host}",
            begins=day,
            ends=day + timedelta(days=days),
            summary=words,
            changed_at=changed_at,
            url=f"{self.address.rstrip('/')}{path}",
        )


def hub_file(session: Session, token: str, *, settings: Settings, now: datetime) -> bytes:
    """The hub's calendar behind a person's secret address. Raises `NotFound` for every address that is none."""
    user = deliveries.feed_user(session, token, *MATRIX[Permission.COHORTS_SEE], settings=settings)
    hub = partners.hub_of(session, user)
    return calendar_file("The hub", _hub_entries(session, _feed(session, hub, settings, now)))


def coordinator_file(session: Session, token: str, *, settings: Settings, now: datetime) -> bytes:
    """A coordinator's calendar: the hub's, and how much is due and on the road each day. Raises `NotFound`."""
    user = deliveries.feed_user(session, token, *MATRIX[Permission.LOANS_DECIDE], settings=settings)
    feed = _feed(session, partners.hub_of(session, user), settings, now)
    return calendar_file("Lending", (*_hub_entries(session, feed), *_day_entries(session, feed)))


def _feed(session: Session, hub: Organisation, settings: Settings, now: datetime) -> Feed:
    today = local_date(now, ZoneInfo(hub.time_zone))
    calendar = cohorts.calendar_of(session, hub.id)
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    return Feed(hub.id, first, last, settings.public_url, calendar)


def _hub_entries(session: Session, feed: Feed) -> Iterator[Entry]:
    for closure in cohorts.closures(session, feed.hub_id):
        yield from _closure_entries(closure, feed)
    for year in range(feed.first.year, feed.last.year + 1):
        for day in sorted(bank_holidays(year, feed.calendar.nation)):
            if feed.first <= day <= feed.last and not any(each.covers(day) for each in feed.calendar.special):
                words = f"Closed: {feed.calendar.why_closed(day)}"
                yield feed.entry(f"holiday-{day}", day, words, _HOLIDAYS_KNOWN_AT, "/closures")
    for cohort, _ in queries.cohorts_around(session, feed.hub_id, feed.first, feed.last):
        path, due = f"/cohorts/{cohort.id}", feed.calendar.roll_forward(cohort.ends_on)
        words = f"{cohort.name} begins, {cohort.places} place{'' if cohort.places == 1 else 's'}"
        yield feed.entry(f"cohort-{cohort.id}-begins", cohort.starts_on, words, cohort.created_at, path)
        yield feed.entry(f"cohort-{cohort.id}-ends", due, f"{cohort.name} ends: tablets due", cohort.created_at, path)
    for planned, programme in queries.plan_between(session, feed.hub_id, feed.first, feed.last):
        day, path = cohorts.takes_place(feed.calendar, planned), f"/cohorts/{planned.cohort_id or ''}"
        words = f"{programme.name}: {planned.words}"
        yield feed.entry(f"plan-{planned.id}", day, words, planned.created_at, path.rstrip("/"))


def _closure_entries(closure: Closure, feed: Feed) -> Iterator[Entry]:
    """Once, or in each year of the calendar."""
    words = f"{'Open for once' if closure.opens else 'Closed'}: {closure.name}"
    for first in closure.days.beginnings(feed.first, feed.last):
        kind = f"closure-{closure.id}-{first}"
        yield feed.entry(kind, first, words, closure.added_at, "/closures", days=closure.days.length)


def _day_entries(session: Session, feed: Feed) -> Iterator[Entry]:
    for day, count, changed_at in queries.due_days(session, feed.hub_id, feed.first, feed.last):
        words = f"{count} tablet{'' if count == 1 else 's'} due back"
        yield feed.entry(f"due-{day}", day, words, changed_at, "/chasing")
    for day, count, changed_at in queries.runs_between(session, feed.hub_id, feed.first, feed.last):
        words = f"{count} courier run{'' if count == 1 else 's'}"
        yield feed.entry(f"runs-{day}", day, words, changed_at, "/courier-runs")
