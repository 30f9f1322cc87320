"""A courier's runs as an iCalendar file (RFC 5545): area and hours, never an address or a name. Pure: no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vDuration


class Standing(StrEnum):
    """How a run stands in a calendar; the values are RFC 5545's."""

    ASKED = "TENTATIVE"
    TAKEN_ON = "CONFIRMED"
    NOT_YOURS = "CANCELLED"


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
    calendar = Calendar()
    calendar.add("PRODID", "-//Doorstep//Courier runs//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("X-WR-CALNAME", "Courier runs")
    calendar.add("REFRESH-INTERVAL", vDuration(timedelta(hours=1)), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, zone, public_url))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry, zone: ZoneInfo, public_url: str) -> Event:
    event = Event()
    event.add("UID", f"run-{entry.run_id}@{urlsplit(public_url).hostname or 'doorstep'}")
    event.add("SEQUENCE", entry.revision)
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        event.add(name, entry.changed_at)
    begins, ends = _hours(entry, zone)
    event.add("DTSTART", begins)
    event.add("DTEND", ends)
    event.add("SUMMARY", _summary(entry))
    event.add("STATUS", entry.standing.value)
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "TRANSPARENT" if entry.standing is Standing.NOT_YOURS else "OPAQUE")
    if entry.standing is not Standing.NOT_YOURS:
        event.add("DESCRIPTION", f"The stops are on your phone: {public_url.rstrip('/')}/run")
        event.add("URL", f"{public_url.rstrip('/')}/run")
    return event


def _hours(entry: Entry, zone: ZoneInfo) -> tuple[Any, Any]:
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
