"""The year as it is played for its tests: every day, what was found on it, and what came about in all."""

from __future__ import annotations

import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import event, select, text

from fleet.chasing.channels.folder import FolderChannel
from fleet.database.session import open_database
from fleet.loans.models import Loan
from fleet.settings import Settings
from tests.people import FakeClock
from tests.year.days import FIRST, moment
from tests.year.fates import Fate, fate_of
from tests.year.holding import Day, Memory, look
from tests.year.holding.rules import COUNTED
from tests.year.letters import Postman
from tests.year.play import Play, Scale
from tests.year.playing import begin, play_day
from tests.year.restoring import Restores
from tests.year.town import Town, found_town


@dataclass
class Year:
    """What a year left behind."""

    play: Play
    memory: Memory
    days: list[date] = field(default_factory=list)
    broken: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    counted: Counter[str] = field(default_factory=Counter)
    fates: set[Fate] = field(default_factory=set)

    @property
    def town(self) -> Town:
        return self.play.town


def play_year(url: str, folder: Path, scale: Scale) -> Year:
    """Play it day by day in the empty database at `url`, and look at every rule at the end of each."""
    town = _town(url, folder)
    year = Year(begin(town, scale), Memory())
    restores = Restores()
    with _watched(town.hosts):
        for day in year.play.days:
            restores.in_the_morning(town, day, year.memory)
            play_day(year.play, day)
            with town.database.read() as session:
                for rule, complaints in look(Day(session, town, day, year.memory)).items():
                    year.broken[rule] += [f"{day}: {each}" for each in complaints]
            year.days.append(day)
    _count(year)
    return year


def _town(url: str, folder: Path) -> Town:
    database = open_database(url)
    if database.is_sqlite:
        event.listen(database.engine, "connect", _not_kept_for_ever)
    clock = FakeClock(moment(FIRST, 8))
    settings = Settings(
        data_dir=folder / "var",
        database_url=url,
        secret_key=SecretStr("a secret that only the year uses, and only here"),
        hub_phone="020 7946 0000",
        public_url="https://t.example",
    )
    return found_town(database, settings, clock, Postman(FolderChannel(settings.data_dir / "outbox"), clock))


def _not_kept_for_ever(connection: sqlite3.Connection, _record: object) -> None:
    """Nobody pulls the plug in a test: what a disk would have to be waited for is not waited for."""
    connection.execute("PRAGMA synchronous=OFF")


def _count(year: Year) -> None:
    town = year.town
    with town.database.read() as session:
        asked = {name: int(session.execute(text(query)).scalar_one()) for name, query in COUNTED.items()}
        loans = session.scalars(select(Loan.id).where(Loan.started_on.is_not(None)))
        year.fates = {fate_of(loan_id) for loan_id in loans}
    year.counted = town.seen + Counter(asked)
    year.counted += Counter(
        {
            "messages that left": len(town.post.left),
            "messages that failed": town.post.failed,
            "messages of which nobody heard": town.post.unsure,
        }
    )


_WATCHING: list[set[str]] = []


def _hear(kind: str, given: tuple[object, ...]) -> None:
    """Python says so of every connection and every look-up of a name."""
    if not _WATCHING or kind not in ("socket.connect", "socket.getaddrinfo"):
        return
    host = given[0] if kind == "socket.getaddrinfo" else given[1]
    host = host[0] if isinstance(host, tuple) else host
    if isinstance(host, str) and not host.startswith(("/", "127.", "localhost", "::1")):
        _WATCHING[-1].add(host)


sys.addaudithook(_hear)


@contextmanager
def _watched(hosts: set[str]) -> Iterator[None]:
    """Whoever is spoken to meanwhile, beyond this machine, is written down."""
    _WATCHING.append(hosts)
    try:
        yield
    finally:
        _WATCHING.pop()
