"""What a check is given: a day of the year, its database to ask in SQL, and what is remembered of the days before."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from typing import Any

import psycopg
from sqlalchemy.orm import Session

from tests.year.days import ZONE, whole_day
from tests.year.letters import Left
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

    @cached_property
    def connection(self) -> sqlite3.Connection | psycopg.Connection[Any]:
        """The database driver's own: some ninety questions a day for a year are too many for any layer in between."""
        held = self.session.connection().connection.driver_connection
        assert isinstance(held, (sqlite3.Connection, psycopg.Connection))
        return held

    def rows(self, asked: str, **given: Any) -> list[Any]:
        """What the database answers. `:begins`, `:ends`, `:today`, `:left` and `:since_TABLE` may stand in the words,
        which are SQLite's."""
        begins, ends = whole_day(self.day)
        known: dict[str, Any] = {"begins": begins, "ends": ends, "today": self.day, **given}
        known |= {f"since_{table}": mark for table, mark in self.memory.marks.items()}
        if ":left" in asked:
            known["left"] = json.dumps(self.left_today)
        if isinstance(self.connection, psycopg.Connection):
            return self.connection.execute(_for_postgresql(asked), known).fetchall()
        return self.connection.execute(asked, {name: _stored(value) for name, value in known.items()}).fetchall()

    @cached_property
    def left(self) -> list[Left]:
        """The messages that really left on this day."""
        return [each for each in self.town.post.left if each.day == self.day]

    @property
    def left_today(self) -> list[str]:
        return [each.reference for each in self.left]

    def complaints(self, words: str, asked: str, **given: Any) -> Iterable[str]:
        """A sentence for each row of what must not be there."""
        return (f"{words}: {', '.join(map(str, row))}" for row in self.rows(asked, **given))

    def long_ago(self, days: int) -> datetime:
        return self.town.clock() - timedelta(days=days)

    def hub(self, hub_id: int) -> Hub:
        return next(hub for hub in self.town.hubs if hub.id == hub_id)

    def roll(self, hub_id: int, day: date) -> date:
        while not self.hub(hub_id).is_open(day):
            day += timedelta(days=1)
        return day


@cache
def _for_postgresql(asked: str) -> str:
    """The same question as psycopg and PostgreSQL have it."""
    listed = asked.replace("json_each(:left)", "json_array_elements_text(CAST(:left AS json)) AS told (value)")
    return re.sub(r":(\w+)", r"%(\1)s", listed.replace("%", "%%"))


def _stored(value: Any) -> Any:
    """As Doorstep's own column types write it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value.isoformat() if isinstance(value, date) else value


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
