"""An old database is known as one whatever came back with it: without its folder, with its folder, or with nothing that
left in between (rule R9). A plain restart is never taken for one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from fleet.chasing import service
from fleet.chasing.departures import FOLDER
from fleet.chasing.models import ChaseMark
from fleet.chasing.service.beats import FILE
from fleet.chasing.service.copying import is_told_of_all
from fleet.cli.check import findings
from fleet.clock import local_date
from fleet.users.actor import SYSTEM
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing

pytestmark = ON_SQLITE
DUE = date(2026, 6, 29)


@pytest.fixture
def backup(chasing: Chasing, tmp_path: Path) -> Callable[[], Callable[[], None]]:
    """`restore = backup()`: the whole data folder is kept, with the database in it where a test's database may lie
    elsewhere; `restore()` puts all of it back."""
    live, folder = Path(str(chasing.database.engine.url.database)), chasing.settings.data_dir

    def take() -> Callable[[], None]:
        chasing.database.engine.dispose()
        kept = tmp_path / "kept"
        shutil.copytree(folder, kept / "folder")
        shutil.copy(live, kept / "database")

        def restore() -> None:
            chasing.database.engine.dispose()
            for part in live.parent.glob(f"{live.name}-*"):
                part.unlink()
            shutil.rmtree(folder)
            shutil.copytree(kept / "folder", folder)
            live.unlink()  # a file of its own, which nothing that is still open writes to
            shutil.copy(kept / "database", live)

        return restore

    return take


def is_copy(chasing: Chasing) -> bool:
    with chasing.database.read() as session:
        return service.is_copy(session, chasing.settings)


def tick(chasing: Chasing, times: int) -> None:
    for _ in range(times):
        chasing.clock.advance(minutes=5)
        chasing.tick()


def test_a_whole_data_folder_that_came_back_is_noticed_by_what_lies_beside_it(
    chasing: Chasing, backup: Callable[[], Callable[[], None]]
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 6, 10))
    tick(chasing, 2)
    restore = backup()
    tick(chasing, 2)
    restore()
    assert is_copy(chasing)
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
    assert not is_copy(chasing)
    restore()
    assert is_copy(chasing), "the mark of that time is remembered still"


def test_a_database_that_came_back_is_noticed_though_nothing_had_left_in_between(
    chasing: Chasing, backup: Callable[[], Callable[[], None]]
) -> None:
    tick(chasing, 2)
    restore = backup()
    tick(chasing, 2)
    shutil.copytree(chasing.settings.data_dir, chasing.settings.data_dir.with_name("now"))
    restore()
    shutil.rmtree(chasing.settings.data_dir)
    shutil.move(chasing.settings.data_dir.with_name("now"), chasing.settings.data_dir)
    shutil.rmtree(chasing.settings.witness)
    assert is_copy(chasing)


def test_a_restart_after_a_power_cut_or_a_long_pause_is_no_copy(
    chasing: Chasing, backup: Callable[[], Callable[[], None]]
) -> None:
    """The last tick may be lost with the power; what is remembered outside is the one before."""
    tick(chasing, 3)
    restore = backup()
    tick(chasing, 1)
    restore()
    assert not is_copy(chasing)
    chasing.clock.advance(days=400)
    tick(chasing, 3)
    assert not is_copy(chasing)


@pytest.mark.parametrize("spoilt", ["", "[1]", '{"mark"', '{"some mark": "many"}'])
def test_what_cannot_be_read_or_is_gone_blocks_nothing(chasing: Chasing, spoilt: str) -> None:
    tick(chasing, 3)
    for folder in (chasing.settings.data_dir, chasing.settings.witness):
        (folder / FILE).write_text(spoilt)
    assert not is_copy(chasing)
    tick(chasing, 1)
    shutil.rmtree(chasing.settings.witness)
    assert not is_copy(chasing)
    tick(chasing, 2)
    with chasing.database.read() as session:
        row = session.get_one(ChaseMark, 1)
        assert f'"{row.mark}": {row.ticks - 1}' in (chasing.settings.witness / FILE).read_text()


def test_where_nothing_can_be_written_beside_the_folder_it_ticks_all_the_same_and_check_says_so(
    chasing: Chasing,
) -> None:
    chasing.settings.witness.write_text("a file stands in its place")
    tick(chasing, 2)
    assert not is_copy(chasing)
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
