"""`doorstep chase` and `doorstep why` tell the story that the ledger holds, and no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from fleet.chasing import service
from fleet.chasing.rules import HoldReason
from fleet.cli.main import app
from fleet.clock import local_date, utc_now
from fleet.cohorts.calendar import HubCalendar
from fleet.database.session import Database
from fleet.logs import configure_logs
from fleet.partners.models import Organisation
from fleet.people.rules import Channel as ContactBy
from fleet.settings import Settings
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.lending import lending_at
from tests.people import FakeClock

pytestmark = ON_SQLITE
Ask = Callable[..., Any]


@pytest.fixture
def chasing(database: Database, hub: Organisation, clock: FakeClock, settings: Settings) -> Chasing:
    return Chasing(lending_at(database, hub.id, clock, settings), clock, settings, database)


@pytest.fixture
def ask(chasing: Chasing, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """A command on the installation of this test; its JSON, or its words where it was refused."""
    url = chasing.database.engine.url.render_as_string(hide_password=False)
    monkeypatch.setenv("DOORSTEP_DATA_DIR", str(chasing.settings.data_dir))
    monkeypatch.setenv("DOORSTEP_DATABASE_URL", url)
    monkeypatch.setenv("DOORSTEP_SECRET_KEY", chasing.settings.secret_key.get_secret_value())

    def run(*words: str) -> Any:
        answer = CliRunner().invoke(app, list(words))
        configure_logs("text")
        return json.loads(answer.stdout) if answer.exit_code == 0 and "--json" in words else answer.output

    return run


def a_day() -> date:
    """A working day some weeks ahead, since commands go by the wall clock."""
    return HubCalendar("ENG").roll_forward(local_date(utc_now()) + timedelta(days=30))


def test_the_dry_run_the_tick_and_why_tell_the_story_of_the_ledger(chasing: Chasing, ask: Ask) -> None:
    day = a_day()
    lent = {
        "text": chasing.loan(day),
        "call": chasing.loan(day, by=ContactBy.CALL),
        "late": chasing.loan(day - timedelta(days=7)),
        "held": chasing.loan(day),
        "later": chasing.loan(day + timedelta(days=20)),
    }
    chasing.hold(lent["held"], HoldReason.IN_HOSPITAL, until=day + timedelta(days=3))
    told = ask("chase", "--on", day.isoformat(), "--dry-run", "--json")
    assert (told["on"], told["is_copy"]) == (day.isoformat(), False)
    planned = {each["loan_id"]: each for each in told["items"]}
    assert planned.keys() == {loan.id for name, loan in lent.items() if name != "later"}
    assert [chasing.ledger(loan) for loan in lent.values()] == [[]] * 5

    chasing.at(day, 12)
    chasing.tick()
    becomes = {"message": "sent", "task": "to_do", "skipped": "skipped"}
    for loan in lent.values():
        each = planned.get(loan.id)
        written = [(entry.rung, entry.state.value) for entry in chasing.entries(loan)]
        if each is None or each["action"] in ("wait", "never"):
            assert written == []
        else:
            passed = [(key, "skipped") for key in each["skipped"]]
            assert written == [*passed, (each["rung"], becomes[each["action"]])]

        story = ask("why", str(loan.person_id), "--on", day.isoformat(), "--json")
        (one,) = story["loans"]
        assert [(entry["rung"], entry["state"]) for entry in one["ledger"]] == written
        left = any(entry["message_day"] == day.isoformat() for entry in one["ledger"])
        assert one["sentence"].startswith("Messaged by text on") is left
        if each is not None and each["action"] == "wait":
            assert each["why"] in one["sentence"]
    assert "in hospital until" in ask("why", str(lent["held"].person_id), "--on", day.isoformat())


def test_a_day_is_looked_at_and_never_lived_through(chasing: Chasing, ask: Ask) -> None:
    assert "Add --dry-run" in ask("chase", "--on", a_day().isoformat())
    assert "There is no such person" in ask("why", "99")
    assert "never had a tablet" in ask("why", str(chasing.lending.person().id))
    assert ask("chase", "--json")["sent"] == 0


def test_a_restored_copy_says_so_and_is_let_go_by_somebody(chasing: Chasing, ask: Ask) -> None:
    ask("chase")
    service.note_sent(chasing.settings, 4711)
    assert ask("chase", "--json")["is_copy"] is True
    assert "This is a copy restored from a backup" in ask("chase")
    assert ask("chase", "--this-is-ours", "--json")["is_copy"] is False
