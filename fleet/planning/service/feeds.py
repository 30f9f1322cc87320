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
    """The hub whose days these are, and the days that are told. `closed_at` is when it last closed or opened for days
    that its week does not say, which moves what falls on them."""

    hub_id: int
    first: date
    last: date
    address: str
    calendar: HubCalendar
    closed_at: datetime | None

    def entry(
        self,
        kind: str,
        day: date,
        words: str,
        changed_at: datetime,
        path: str,
        days: int = 1,
        since: datetime | None = None,
    ) -> Entry:
        """`since` is when it was first written down, for one that may move to another day: a calendar takes the move
        for a later one by the seconds that have gone by."""
        host = urlsplit(self.address).hostname or "doorstep"
        return Entry(
            uid=f"{kind}@{host}",
            begins=day,
            ends=day + timedelta(days=days),
            summary=words,
            changed_at=changed_at,
            revision=int((changed_at - since).total_seconds()) if since is not None else 0,
            url=f"{self.address.rstrip('/')}{path}",
        )

    def rolled_at(self, changed_at: datetime) -> datetime:
        """When the day of something may last have changed that goes on to the next working day."""
        return max(changed_at, self.closed_at or changed_at)


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
    return Feed(hub.id, first, last, settings.public_url, calendar, queries.last_closed_at(session, hub.id))


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
        since, changed_at = cohort.created_at, cohort.changed_at or cohort.created_at
        words = f"{cohort.name} begins, {cohort.places} place{'' if cohort.places == 1 else 's'}"
        yield feed.entry(f"cohort-{cohort.id}-begins", cohort.starts_on, words, changed_at, path, since=since)
        words, rolled_at = f"{cohort.name} ends: tablets due", feed.rolled_at(changed_at)
        yield feed.entry(f"cohort-{cohort.id}-ends", due, words, rolled_at, path, since=since)
    for planned, programme in queries.plan_between(session, feed.hub_id, feed.first, feed.last):
        day, path = cohorts.takes_place(feed.calendar, planned), f"/cohorts/{planned.cohort_id or ''}"
        words, since = f"{programme.name}: {planned.words}", planned.created_at
        yield feed.entry(f"plan-{planned.id}", day, words, feed.rolled_at(since), path.rstrip("/"), since=since)


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
