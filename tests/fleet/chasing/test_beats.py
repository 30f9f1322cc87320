"""An old database is known as one whatever came back with it: without its folder, with its folder, or with nothing that
left in between (rule R9). A plain restart is never taken for one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest

from fleet.chasing import service
from fleet.chasing.departures import FOLDER
from fleet.chasing.models import ChaseMark
from fleet.chasing.rules import WhyOff
from fleet.chasing.service.beats import FILE
from fleet.chasing.service.copying import is_told_of_all
from fleet.cli.check import findings
from fleet.clock import local_date
from fleet.users.actor import SYSTEM
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing

pytestmark = ON_SQLITE
DUE = date(2026, 6, 29)


@dataclass(frozen=True)
class Backup:
    """The whole data folder at one moment, with the database in it where a test's database may lie elsewhere."""

    chasing: Chasing
    folder: Path

    @property
    def live(self) -> Path:
        return Path(str(self.chasing.database.engine.url.database))

    def take(self) -> Backup:
        self.chasing.database.engine.dispose()
        shutil.copytree(self.chasing.settings.data_dir, self.folder / "folder")
        shutil.copy(self.live, self.folder / "database")
        return self

    def restore(self) -> None:
        """All of it comes back in its place."""
        shutil.rmtree(self.chasing.settings.data_dir)
        shutil.copytree(self.folder / "folder", self.chasing.settings.data_dir)
        self.restore_database()

    def restore_database(self) -> None:
        self.chasing.database.engine.dispose()
        for part in self.live.parent.glob(f"{self.live.name}-*"):
            part.unlink()
        self.live.unlink()  # a file of its own, which nothing that is still open writes to
        shutil.copy(self.folder / "database", self.live)


@pytest.fixture
def backup(chasing: Chasing, tmp_path: Path) -> Callable[[], Backup]:
    return lambda: Backup(chasing, tmp_path / "kept").take()


def why_off(chasing: Chasing) -> WhyOff | None:
    with chasing.database.read() as session:
        return service.sending_state(session, chasing.settings).why_off


def tick(chasing: Chasing, times: int) -> None:
    for _ in range(times):
        chasing.clock.advance(minutes=5)
        chasing.tick()


def test_a_whole_data_folder_that_came_back_is_noticed_by_what_lies_beside_it(
    chasing: Chasing, backup: Callable[[], Backup]
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 6, 10))
    tick(chasing, 2)
    kept = backup()
    tick(chasing, 2)
    kept.restore()
    assert why_off(chasing) is WhyOff.OLDER_THAN_FOLDER
    chasing.at(DUE)
    assert chasing.tick().sent == 0
    assert "copy restored from a backup" in chasing.why(loan)
    service.accept(
        chasing.database,
        chasing.settings,
        channel=service.outbox(chasing.settings),
        clock=chasing.clock,
        actor=SYSTEM,
        send_all=True,
    )
    assert chasing.tick().sent == 1
    tick(chasing, 3)
    assert why_off(chasing) is None
    kept.restore()
    assert why_off(chasing) is WhyOff.OLDER_THAN_FOLDER, "the mark of that time is remembered still"


def test_a_database_that_came_back_is_noticed_though_nothing_had_left_in_between(
    chasing: Chasing, backup: Callable[[], Backup]
) -> None:
    tick(chasing, 2)
    kept = backup()
    tick(chasing, 2)
    shutil.copytree(chasing.settings.data_dir, chasing.settings.data_dir.with_name("now"))
    kept.restore()
    shutil.rmtree(chasing.settings.data_dir)
    shutil.move(chasing.settings.data_dir.with_name("now"), chasing.settings.data_dir)
    shutil.rmtree(chasing.settings.witness)
    assert why_off(chasing) is WhyOff.OLDER_THAN_FOLDER


def test_a_restart_after_a_power_cut_or_a_long_pause_is_no_copy(chasing: Chasing, backup: Callable[[], Backup]) -> None:
    """The last tick may be lost with the power; what is remembered outside is the one before."""
    tick(chasing, 3)
    kept = backup()
    tick(chasing, 1)
    kept.restore_database()
    assert why_off(chasing) is None
    chasing.clock.advance(days=400)
    tick(chasing, 3)
    assert why_off(chasing) is None


@pytest.mark.parametrize("spoilt", ["", "[1]", '{"mark"', '{"some mark": "many"}'])
def test_what_cannot_be_read_or_is_gone_blocks_nothing(chasing: Chasing, spoilt: str) -> None:
    tick(chasing, 3)
    for folder in (chasing.settings.data_dir, chasing.settings.witness):
        (folder / FILE).write_text(spoilt)
    assert why_off(chasing) is None
    tick(chasing, 1)
    shutil.rmtree(chasing.settings.witness)
    assert why_off(chasing) is None
    tick(chasing, 2)
    with chasing.database.read() as session:
        row = session.get_one(ChaseMark, 1)
        assert f'"{row.mark}": {row.ticks - 1}' in (chasing.settings.witness / FILE).read_text()


def test_where_nothing_can_be_written_beside_the_folder_it_ticks_all_the_same_and_check_says_so(
    chasing: Chasing,
) -> None:
    chasing.settings.witness.write_text("a file stands in its place")
    tick(chasing, 2)
    assert why_off(chasing) is None
    assert any("nobody would notice" in each.what for each in findings(chasing.settings))


def test_the_journal_of_departures_goes_a_day_a_tick_once_no_backup_is_so_old(chasing: Chasing) -> None:
    chasing.loan(DUE)
    chasing.at(date(2026, 6, 22))
    assert chasing.tick().sent == 1
    chasing.at(DUE)
    assert chasing.tick().sent == 1
    first, second = sorted((chasing.settings.data_dir / FOLDER).iterdir())
    since = chasing.clock()
    with chasing.database.read() as session:
        assert is_told_of_all(session, chasing.settings, since - timedelta(days=1))
    chasing.clock.advance(days=chasing.settings.departure_days - 7)
    tick(chasing, 1)
    assert first.exists()
    chasing.clock.advance(days=1)
    tick(chasing, 2)
    assert (first.exists(), second.exists()) == (False, True)
    chasing.clock.advance(days=3650)
    tick(chasing, 1)
    assert not second.exists()
    with chasing.database.read() as session:
        assert not is_told_of_all(session, chasing.settings, since)
        assert is_told_of_all(session, chasing.settings, since + timedelta(days=1))
    assert local_date(since) == DUE
