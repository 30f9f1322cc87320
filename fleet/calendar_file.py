"""Writes iCalendar files (RFC 5545), as calendars subscribe to them. Who may have one is not known here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from icalendar import Calendar, Event, vDuration


class Standing(StrEnum):
    """How an event stands; the values are the RFC's."""

    ASKED = "TENTATIVE"
    TAKEN_ON = "CONFIRMED"
    NOT_YOURS = "CANCELLED"


@dataclass(frozen=True)
class Entry:
    """One event: from moment to moment, or whole days, where `ends` is the day after the last.

    `revision` grows with every change of its time; `changed_at` is when anything of it changed last. `busy`: it takes
    the reader's own time.
    """

    uid: str
    begins: date
    ends: date
    summary: str
    changed_at: datetime
    revision: int = 0
    standing: Standing = Standing.TAKEN_ON
    busy: bool = False
    description: str = ""
    url: str = ""


def calendar_file(name: str, entries: Iterable[Entry]) -> bytes:
    """The file: the same entries always give the same bytes, so that its digest tells whether anything changed."""
    calendar = Calendar()
    calendar.add("PRODID", f"-//Doorstep//{name}//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", vDuration(timedelta(hours=1)), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")  # the same, as Outlook asks for it
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("UID", entry.uid)
    event.add("SEQUENCE", entry.revision)
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        event.add(name, entry.changed_at)
    event.add("DTSTART", entry.begins)
    event.add("DTEND", entry.ends)
    event.add("SUMMARY", entry.summary)
    event.add("STATUS", entry.standing.value)
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "OPAQUE" if entry.busy else "TRANSPARENT")
    if entry.description:
        event.add("DESCRIPTION", entry.description)
    if entry.url:
        event.add("URL", entry.url)
    return event
