"""A simulated year of three hubs: every invariant and every rule of lending is checked on each of its days."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import event

from fleet.chasing.channels.folder import FolderChannel
from fleet.database.session import open_database
from fleet.settings import Settings
from tests.people import FakeClock
from tests.year.days import FIRST, moment
from tests.year.holding import Day, Memory, look
from tests.year.letters import Postman
from tests.year.playing import Play, Scale, begin, play_day
from tests.year.restoring import BACKUP_ON, BACK_AFTER, COUNTS_AFTER, COPY_ON, back_up, restore, say_that_it_counts, try_a_copy_elsewhere
from tests.year.town import found_town


@pytest.fixture(scope="module")
def year(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    folder = tmp_path_factory.mktemp("year")
    copy = folder / "doorstep.sqlite3"
    shutil.copy(sqlite_template, copy)
    database = open_database(f"sqlite:///{copy}")
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    clock = FakeClock(moment(FIRST, 8))
    settings = Settings(
        data_dir=folder / "var",
        database_url=f"sqlite:///{copy}",
        secret_key=SecretStr("a secret that only the year uses, and only here"),
        hub_phone="020 7946 0000",
        public_url="https://t.example",
    )
    post = Postman(FolderChannel(settings.data_dir / "outbox"), clock)
    play = begin(found_town(database, settings, clock, post), Scale(days=int(os.environ.get("YEAR_DAYS", "365"))))
    spent = time.process_time()
    memory, broken, looked = Memory(), Counter(), 0.0
    for day in play.days:
        try:
            if day == BACKUP_ON:
                backup = back_up(play.town)
            if day == BACKUP_ON + BACK_AFTER:
                clock.now = max(clock.now, moment(day, 7))
                restore(play.town, backup, memory)
            if day == BACKUP_ON + COUNTS_AFTER:
                say_that_it_counts(play.town)
            play_day(play, day)
            if day == COPY_ON:
                try_a_copy_elsewhere(play.town, back_up(play.town))
            a = time.process_time()
            with database.read() as session:
                for rule, said in look(Day(session, play.town, day, memory)).items():
                    print(day, rule, len(said), said[:3])
                    broken[rule] += len(said)
            looked += time.process_time() - a
        except Exception:
            print(day, play.town.seen, play.town.wrong)
            raise
        if day.day == 1:
            print(day, f"{time.process_time() - spent:.1f} s", f"{looked:.1f}", dict(play.town.seen), play.town.wrong[-3:], broken)
    yield play
    database.close()


def test_year(year: Play) -> None:
    print(time.process_time(), year.town.seen)
    for each in year.town.wrong:
        print(each)
    assert not year.town.wrong
