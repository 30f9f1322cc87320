"""A copy of the whole data folder agrees with itself in everything, and is noticed all the same: it lies elsewhere
(rule R9). What was only restarted, renamed, or written by an older version is never taken for one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from fleet.chasing import service
from fleet.chasing.rules import ChaseState, WhyOff
from fleet.chasing.service.marks import FILE
from fleet.cli.check import findings
from fleet.database.session import open_database
from fleet.users.actor import SYSTEM
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_beats import why_off
from tests.people import Browser

pytestmark = ON_SQLITE
BEFORE, DUE = date(2026, 6, 10), date(2026, 6, 29)


@pytest.fixture
def copied(chasing: Chasing, tmp_path: Path) -> Iterator[Callable[[], Chasing]]:
    """`copy = copied()`: `cp -r` of the data folder, with its database in it, and who uses that."""
    with ExitStack() as open_ones:

        def copy() -> Chasing:
            chasing.database.engine.dispose()
            folder = tmp_path / "copy"
            shutil.copytree(chasing.settings.data_dir, folder)
            shutil.copy(str(chasing.database.engine.url.database), folder / "doorstep.sqlite3")
            settings = chasing.settings.model_copy(update={"data_dir": folder, "database_url": ""})
            database = open_database(settings.database)
            open_ones.callback(database.close)
            return replace(chasing, settings=settings, database=database)

        yield copy


def accept(chasing: Chasing) -> service.LookedBack:
    found = service.accept(
        chasing.database,
        chasing.settings,
        channel=service.outbox(chasing.settings),
        clock=chasing.clock,
        actor=SYSTEM,
    )
    assert found is not None
    return found


def test_a_copy_of_the_whole_folder_sends_nothing_and_its_original_goes_on(
    chasing: Chasing, copied: Callable[[], Chasing]
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(BEFORE)
    chasing.tick()
    copy = copied()
    assert (why_off(chasing), why_off(copy)) == (None, WhyOff.COPIED_FOLDER)
    chasing.at(DUE)
    assert (copy.tick().sent, chasing.tick().sent) == (0, 1)
    assert (copy.outbox(), len(chasing.outbox())) == ([], 1)
    assert "nothing leaves from a copy" in copy.why(loan)
    (told,) = (each for each in findings(copy.settings) if "Nothing leaves" in each.what)
    assert "copied to where it lies now" in told.what
    assert not any("Nothing leaves" in each.what for each in findings(chasing.settings))


def test_a_copy_counts_once_somebody_says_so_and_passes_over_what_its_original_may_have_sent(
    chasing: Chasing, copied: Callable[[], Chasing]
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(BEFORE)
    chasing.tick()
    copy = copied()
    chasing.at(DUE)
    chasing.tick()
    found = accept(copy)
    assert (found.is_whole, [each.loan_id for each in found.doubtful]) == (False, [loan.id])
    assert why_off(copy) is None
    assert (copy.tick().sent, copy.ledger(loan)[-1]) == (0, ("due_day", ChaseState.SKIPPED))
    copy.at(date(2026, 7, 2))
    assert copy.tick().sent == 1
    assert why_off(copy) is None


def test_a_whole_volume_that_was_copied_to_another_is_noticed_though_its_folder_has_the_same_number(
    chasing: Chasing,
) -> None:
    chasing.tick()
    file = chasing.settings.data_dir / FILE
    shutil.copy(file, file.with_name("beside"))
    file.with_name("beside").replace(file)
    assert why_off(chasing) is WhyOff.COPIED_FOLDER


def test_a_folder_that_was_renamed_and_a_message_that_left_are_no_copy(chasing: Chasing) -> None:
    chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick()
    folder = chasing.settings.data_dir.with_name("renamed")
    chasing.settings.data_dir.rename(folder)
    settings = chasing.settings.model_copy(update={"data_dir": folder})
    assert why_off(replace(chasing, settings=settings)) is None


def test_a_mark_that_does_not_say_where_it_lies_says_so_from_the_next_tick_on(
    chasing: Chasing, copied: Callable[[], Chasing]
) -> None:
    chasing.tick()
    file = chasing.settings.data_dir / FILE
    told = json.loads(file.read_text())
    del told["place"]
    file.write_text(json.dumps(told))
    assert why_off(chasing) is None
    chasing.tick()
    assert why_off(chasing) is None
    assert why_off(copied()) is WhyOff.COPIED_FOLDER


def test_the_page_and_programs_are_told_why(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    chasing.tick()
    file = chasing.settings.data_dir / FILE
    file.write_text(json.dumps({**json.loads(file.read_text()), "place": "1/2"}))
    browser = browser_as(Role.COORDINATOR)
    assert browser.get("/api/v1/chasing/sending").json()["why_off"] == "copied_folder"
    page = browser.get("/chasing/restored").text
    assert "Its data folder was copied to where it lies now" in page
    assert "Nobody wrote down here what left since then" in page
