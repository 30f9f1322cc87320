"""How something is made wrong for a moment, and what the checks then say: nothing of it is kept."""

from __future__ import annotations

import copy
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from tests.year.days import DAYS, FIRST, moment
from tests.year.holding import CHECKS, Day
from tests.year.town import Town
from tests.year.whole import Year

LAST = FIRST + timedelta(days=DAYS - 1)


NOON = moment(LAST, 12)


NOW = f"'{NOON:%Y-%m-%d %H:%M:%S}.000000'"


@dataclass(frozen=True)
class Copy:
    """One row of a table written once more, with other values (in SQL) in some of its columns."""

    table: str
    where: str
    instead: Mapping[str, str]

    def run(self, connection: sqlite3.Connection) -> None:
        columns = [name for _, name, *_ in connection.execute(f"PRAGMA table_info({self.table})") if name != "id"]
        values = ", ".join(self.instead.get(name, name) for name in columns)
        source = f"SELECT {values} FROM {self.table} WHERE {self.where} ORDER BY id DESC LIMIT 1"
        made = connection.execute(f"INSERT INTO {self.table} ({', '.join(columns)}) {source}")
        assert made.rowcount == 1, f"no {self.table} where {self.where}"


@dataclass(frozen=True)
class Mutation:
    """What is made wrong, the check that must say so, and the rules that it breaks as well."""

    rule: str
    check: str
    steps: tuple[str | Copy, ...] = ()
    also: tuple[str, ...] = ()
    town: Callable[[Town], Town] = lambda town: town
    day: Callable[[sqlite3.Connection], date] = lambda _: LAST
    patch: Callable[[pytest.MonkeyPatch], None] = lambda _: None


def found_after(year: Year, mutation: Mutation | None) -> dict[str, set[str]]:
    """rule -> the checks that complain, once this was made wrong."""
    made = mutation or Mutation("", "")
    found: dict[str, set[str]] = defaultdict(set)
    with year.town.database.read() as session, pytest.MonkeyPatch.context() as patch:
        made.patch(patch)
        day = Day(session, made.town(_own(year.town)), LAST, copy.deepcopy(year.memory))
        connection = day.connection
        assert isinstance(connection, sqlite3.Connection)
        connection.execute("PRAGMA defer_foreign_keys = ON")
        for step in made.steps:
            if isinstance(step, Copy):
                step.run(connection)
            else:
                assert connection.execute(step).rowcount != 0, f"nothing to change: {step}"
        day.day = made.day(connection)
        for rule, checks in CHECKS.items():
            for check in checks:
                if list(check(day)):
                    found[rule].add(check.__name__)
        session.rollback()
    return dict(found)


def _own(town: Town) -> Town:
    """What a mutation may change without the year noticing."""
    post = replace(town.post, left=list(town.post.left))
    return replace(town, post=post, seen=town.seen.copy(), hosts=set(town.hosts))
