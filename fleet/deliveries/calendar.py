"""A courier's runs as an iCalendar file: area and hours, never an address or a name. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from fleet import calendar_file as calendars
from fleet.calendar_file import Standing


@dataclass(frozen=True)
class Entry:
    """One run as a calendar shows it. `revision` grows with every change of it; `changed_at` is when the last was.

    Without stops it has no hours yet and fills its day.
    """

    run_id: int
    day: date
    stops: int
    areas: tuple[str, ...]
    begins: datetime | None
    ends: datetime | None
    standing: Standing
    revision: int
    changed_at: datetime


def calendar_file(entries: Iterable[Entry], *, zone: ZoneInfo, public_url: str) -> bytes:
    """The file: the same entries always give the same bytes, so that its digest tells whether anything changed."""
    return calendars.calendar_file("Courier runs", (_event(entry, zone, public_url) for entry in entries))


def _event(entry: Entry, zone: ZoneInfo, public_url: str) -> calendars.Entry:
    begins, ends = _hours(entry, zone)
    mine = entry.standing is not Standing.NOT_YOURS
    phone = f"{public_url.rstrip('/')}/run" if mine else ""
    return calendars.Entry(
        uid=f"run-{entry.run_id}@{urlsplit(public_url).hostname or 'doorstep'}",
        begins=begins,
        ends=ends,
        summary=_summary(entry),
        changed_at=entry.changed_at,
        revision=entry.revision,
        standing=entry.standing,
        busy=mine,
        description=f"The stops are on your phone: {phone}" if mine else "",
        url=phone,
    )


def _hours(entry: Entry, zone: ZoneInfo) -> tuple[date, date]:
    """A moment is a day too, and says its hour."""
    if entry.begins is None or entry.ends is None:
        return entry.day, entry.day + timedelta(days=1)
    return entry.begins.astimezone(zone), entry.ends.astimezone(zone)


def _summary(entry: Entry) -> str:
    """3 stops, N19; nothing but the word for a run that is somebody else's by now."""
    if entry.standing is Standing.NOT_YOURS:
        return "Run called off"
    stops = f"{entry.stops} stop{'' if entry.stops == 1 else 's'}" if entry.stops else "A run, no stops yet"
    asked = "Can you? " if entry.standing is Standing.ASKED else ""
    return f"{asked}{', '.join((stops, *entry.areas))}"
