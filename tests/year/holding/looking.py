"""What a check is given: a day of the year, its database to ask in SQL, and what was remembered from the days before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, bindparam, text
from sqlalchemy.orm import Session

from fleet.database.base import UtcDateTime
from tests.year.days import BANK_HOLIDAYS, ZONE, whole_day
from tests.year.town import Hub, Town

LOGS = ("loan_event", "tablet_event", "sim_event", "person_event", "scan", "chase", "loan_due_version")
"""Tables that rows are only added to; what was added on a day is what has a higher number."""


@dataclass
class Memory:
    """What the checks keep from one day to the next; forgotten when a backup comes back."""

    marks: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LOGS, 0))
    counts: dict[str, int] = field(default_factory=dict)
    due_versions: dict[int, tuple[Any, ...]] = field(default_factory=dict)


@dataclass
class Day:
    """One day of the year, at its end."""

    session: Session
    town: Town
    day: date
    memory: Memory

    def rows(self, asked: str, **given: Any) -> list[Any]:
        """What the database answers. `:begins`, `:ends`, `:today` and `:since_TABLE` may stand in the words."""
        begins, ends = whole_day(self.day)
        known: dict[str, Any] = {"begins": begins, "ends": ends, "today": self.day, "left": self.left_today, **given}
        known |= {f"since_{table}": mark for table, mark in self.memory.marks.items()}
        used = {name: value for name, value in known.items() if f":{name}" in asked}
        return list(self.session.execute(text(asked).bindparams(*(_bound(*pair) for pair in used.items()))))

    @property
    def left_today(self) -> list[str]:
        """The references of the messages that really left on this day."""
        return [each.reference for each in self.town.post.left if each.day == self.day]

    def complaints(self, words: str, asked: str, **given: Any) -> Iterable[str]:
        """A sentence for each row of what must not be there."""
        return (f"{words}: {', '.join(map(str, row))}" for row in self.rows(asked, **given))

    def long_ago(self, days: int) -> datetime:
        return self.town.clock() - timedelta(days=days)

    def hub(self, hub_id: int) -> Hub:
        return next(hub for hub in self.town.hubs if hub.id == hub_id)

    def is_open(self, hub_id: int, day: date) -> bool:
        """By the year's own books: weekends, the bank holidays written out by hand, and what the script closed."""
        hub = self.hub(hub_id)
        closed = any(first <= day <= last for first, last in hub.closed)
        return day.weekday() < 5 and day not in BANK_HOLIDAYS[hub.nation] and not closed

    def roll(self, hub_id: int, day: date) -> date:
        while not self.is_open(hub_id, day):
            day += timedelta(days=1)
        return day


def _bound(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return bindparam(name, value, expanding=True)
    if isinstance(value, datetime):
        return bindparam(name, value, type_=UtcDateTime())
    if isinstance(value, date):
        return bindparam(name, value, type_=Date())
    return bindparam(name, value)


def as_moment(value: Any) -> datetime:
    """SQLite answers with text where nobody said what a column is."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def as_day(value: Any) -> date:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value


def local(value: Any) -> datetime:
    """The hubs' own clock at that moment."""
    return as_moment(value).astimezone(ZONE)


Check = Callable[[Day], Iterable[str]]

CHECKS: dict[str, list[Check]] = {}


def holds(rule: str) -> Callable[[Check], Check]:
    """Says which rule or invariant a check is of."""

    def note(check: Check) -> Check:
        CHECKS.setdefault(rule, []).append(check)
        return check

    return note
