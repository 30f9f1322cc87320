"""`doorstep chase` and `doorstep why` tell the story that the ledger holds, and no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from typer.testing import CliRunner

from fleet.chasing import service
from fleet.chasing.rules import CallOutcome, ChaseMove, ChaseState, HoldReason, LanguageChoice
from fleet.chasing.schemas import PlannedOut
from fleet.chasing.service import ledger
from fleet.cli.main import app
from fleet.clock import local_date, utc_now
from fleet.cohorts.calendar import HubCalendar
from fleet.database.session import Database
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.logs import configure_logs
from fleet.partners.models import Organisation
from fleet.people import service as people
from fleet.people.rules import Channel as ContactBy
from fleet.people.rules import PrintFormat
from fleet.settings import Settings
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.lending import lending_at
from tests.people import Browser, FakeClock

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


@pytest.fixture
def by_our_clock(chasing: Chasing, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands go by the clock of the test, not by the wall clock."""
    monkeypatch.setattr("fleet.cli.chasing.installation_clock", lambda **_: chasing.clock)


def a_day() -> date:
    """A working day some weeks ahead, since commands go by the wall clock."""
    return HubCalendar("ENG").roll_forward(local_date(utc_now()) + timedelta(days=30))


@pytest.mark.usefixtures("by_our_clock")
def test_the_dry_run_the_tick_and_why_tell_the_story_of_the_ledger(chasing: Chasing, ask: Ask) -> None:
    day = a_day()
    chasing.at(day - timedelta(days=30), 12)
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

    for number in range(30, 0, -1):
        chasing.at(day - timedelta(days=number), 12)
        chasing.tick()
    before = {name: len(chasing.entries(loan)) for name, loan in lent.items()}
    chasing.at(day, 12)
    chasing.tick()
    becomes = {"message": "sent", "task": "to_do", "skipped": "skipped"}
    for name, loan in lent.items():
        each = planned.get(loan.id)
        entries = [(entry.rung, entry.state.value) for entry in chasing.entries(loan)]
        written = entries[before[name] :]
        if each is None or each["action"] in ("wait", "never"):
            assert written == []
        else:
            passed = [(key, "skipped") for key in each["skipped"]]
            assert written == [*passed, (each["rung"], becomes[each["action"]])]

        story = ask("why", str(loan.person_id), "--on", day.isoformat(), "--json")
        (one,) = story["loans"]
        assert [(entry["rung"], entry["state"]) for entry in one["ledger"]] == entries
        left = any(entry["message_day"] == day.isoformat() for entry in one["ledger"])
        assert one["sentence"].startswith("Messaged by text on") is left
        if each is not None and each["action"] == "wait":
            assert each["why"] in one["sentence"]
    assert "in hospital until" in ask("why", str(lent["held"].person_id), "--on", day.isoformat())


def all_kinds(chasing: Chasing, due: date) -> dict[str, Loan]:
    """A loan of each kind of person, all of them due on that day."""
    home = {"address_line_1": "1 Sample Court", "postcode": "N19 5XX"}
    kinds: dict[str, dict[str, Any]] = {
        "text": {},
        "easy read": {"details": {"print_format": PrintFormat.EASY_READ}},
        "email": {"by": ContactBy.EMAIL, "details": {"email": "sample@doorstep.example"}},
        "letter": {"by": ContactBy.LETTER, "details": home},
        "call": {"by": ContactBy.CALL},
        "Welsh, decided": {"details": {"language_read": "cy"}},
        "Polish, undecided": {"details": {"language_read": "pl"}},
        **{name: {} for name in ("opted out", "in hospital", "claims", "gives back", "dies", "extends", "answers")},
        **{f"one phone, {name}": {"details": {"phone": "07700 900321", "first_name": name}} for name in ("Ann", "Ben")},
    }
    programme = chasing.lending.programme()
    return {name: chasing.loan(due, programme=programme, **asked) for name, asked in kinds.items()}


def what_happens(chasing: Chasing, lent: dict[str, Loan], due: date) -> dict[date, list[Callable[[], object]]]:
    """Day -> what becomes known on its morning."""
    actor, lending = chasing.lending.actor(Role.COORDINATOR), chasing.lending

    def act(service_call: Callable[..., Any], number: int, *asked: Any, **more: Any) -> None:
        with chasing.database.write() as session:
            service_call(session, number, *asked, actor=actor, happening=lending.happening(), **more)

    def day(after: int) -> date:
        return due + timedelta(days=after)

    answers = lent["answers"]
    return {
        day(-9): [
            lambda: act(people.set_opted_out, lent["opted out"].person_id, True),
            lambda: act(service.answer_language, lent["Welsh, decided"].id, LanguageChoice.DRAFT),
        ],
        day(-8): [lambda: chasing.hold(lent["in hospital"], HoldReason.IN_HOSPITAL, until=day(4))],
        day(-6): [lambda: act(service.note_reply, answers.person_id, channel="text", words="Next week, please")],
        day(-1): [lambda: lending.do(loans.stop_for_death, lent["dies"].id)],
        day(0): [
            lambda: lending.do(loans.extend, lent["extends"].id, reason="Longer", due_on=day(14), override_cap=True)
        ],
        day(1): [lambda: act(service.record_call, lent["claims"].id, CallOutcome.SAYS_GIVEN_BACK)],
        day(2): [lambda: lending.step(lent["gives back"].id, LoanState.RETURN_ARRANGED)],
        day(3): [lambda: lending.step(lent["gives back"].id, LoanState.COLLECTED)],
        day(5): [
            lambda: act(service.read_reply, lending.read(service.replies_of_person, answers.person_id)[0].id),
            lambda: act(service.record_call, lent["call"].id, CallOutcome.SPOKE),
        ],
    }


def test_over_a_month_the_dry_run_why_and_the_ledger_tell_one_story_of_all_kinds_of_people(
    chasing: Chasing, ask: Ask
) -> None:
    due = a_day()
    lent = all_kinds(chasing, due)
    happens = what_happens(chasing, lent, due)
    seen_actions = set()
    for after in range(-9, 24):
        day = due + timedelta(days=after)
        chasing.at(day, 9, 30)
        for become_known in happens.get(day, ()):
            become_known()
        planned = printed(chasing, day)
        if after % 14 == 0:
            assert ask("chase", "--on", day.isoformat(), "--dry-run", "--json")["items"] == list(planned.values())
        before = {name: len(chasing.entries(loan)) for name, loan in lent.items()}
        chasing.at(day, 12)
        chasing.tick()
        for place, (name, loan) in enumerate(lent.items()):
            each, entries = planned.get(loan.id), chasing.entries(loan)
            added = [(entry.rung, entry.state.value, entry.language) for entry in entries[before[name] :]]
            assert added == foretold(each), (name, day, each)
            seen_actions.add(each["action"] if each is not None else "nothing")
            if each is None and (after - place) % 5:  # of a day without news each fifth is asked about
                continue
            stories = chasing.lending.read(service.why_person, loan.person_id, now=chasing.clock(), on=day)
            (story,) = (one for one in stories if one.loan_id == loan.id)
            assert [(one["rung"], one["state"]) for one in story.ledger] == chasing.ledger(loan), (name, day)
            left = any(entry.state is ChaseState.SENT and entry.message_day == day for entry in entries)
            assert story.sentence.startswith("Messaged by") is left, (name, day, story.sentence)
            if each is not None and each["action"] == "wait":
                assert each["why"] in story.sentence, (name, day)
    for loan in list(lent.values())[::5]:
        told = ask("why", str(loan.person_id), "--on", day.isoformat(), "--json")
        assert [(one["rung"], one["state"]) for one in told["loans"][0]["ledger"]] == chasing.ledger(loan)
    assert seen_actions == {"message", "task", "wait", "nothing"}


def printed(chasing: Chasing, day: date) -> dict[int, dict[str, Any]]:
    """What the dry run prints of a day, by loan."""
    return {each.loan_id: PlannedOut.of(each).model_dump(mode="json") for each in chasing.planned(day)}


def foretold(each: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    """What the ledger has to hold of a day, by the dry run: (step, state, language)."""
    if each is None or each["action"] in ("wait", "never"):
        return []
    asks = "pl" if "they read Polish" in each["why"] else ""
    passed = [(key, "skipped", "") for key in each["skipped"]]
    written = "to_print" if each["channel"] == "letter" else "sent"
    state = {"message": written, "task": "to_do"}[each["action"]]
    return [*passed, (each["rung"], state, each["language"] or asks)]


@pytest.mark.usefixtures("by_our_clock")
def test_what_did_not_leave_stands_in_the_dry_run_of_the_page_the_api_and_the_command(
    chasing: Chasing, ask: Ask, browser_as: Callable[..., Browser]
) -> None:
    day = a_day()
    failed, given_up, overtaken = chasing.loan(day), chasing.loan(day), chasing.loan(day)
    chasing.at(day, 12)
    with chasing.database.write() as session:
        for loan, failures in ((failed, 1), (given_up, 3), (overtaken, 1)):
            chase = service.claim(session, loan.id, now=chasing.clock(), settings=chasing.settings)
            assert chase is not None
            ledger.move(session, chase, ChaseMove.FAIL, now=chasing.clock(), note="The mail server did not take it.")
            chase.failures = failures
    chasing.lending.do(loans.extend, overtaken.id, reason="Longer", due_on=day + timedelta(days=14))
    items = ask("chase", "--on", day.isoformat(), "--dry-run", "--json")["items"]
    told = {each["loan_id"]: (each["action"], each["again"], each["why"]) for each in items}
    assert told == {
        failed.id: ("message", True, "tried again: the mail server did not take it"),
        given_up.id: ("task", True, "it did not leave 3 times"),
    }
    coordinator = browser_as(Role.COORDINATOR)
    assert coordinator.get(f"/api/v1/chasing/dry-run?on={day}").json()["items"] == items
    page = coordinator.get(f"/chasing/dry-run?on={day}&format=csv").text
    assert [each["why"] in page for each in items] == [True, True]
    later = day + timedelta(days=7)
    (instead, *_) = chasing.planned(later)
    assert (instead.loan_id, instead.rung.key, instead.again) == (failed.id, "week_after", False)
    done = chasing.tick()
    assert (done.sent, done.tasks, done.withdrawn) == (1, 1, 1)


def test_the_dry_run_of_yesterday_says_what_was_done(chasing: Chasing, ask: Ask) -> None:
    yesterday = local_date(utc_now()) - timedelta(days=1)
    while not HubCalendar("ENG").is_open(yesterday):
        yesterday -= timedelta(days=1)
    loan = chasing.loan(yesterday)
    chasing.at(yesterday, 12)
    chasing.tick()
    (item,) = ask("chase", "--on", yesterday.isoformat(), "--dry-run", "--json")["items"]
    assert (item["loan_id"], item["action"], item["state"]) == (loan.id, "message", "sent")
    assert "Sent by text" in ask("chase", "--on", yesterday.isoformat(), "--dry-run")
    assert "Messaged by text" in ask("why", str(loan.person_id), "--on", yesterday.isoformat())


def test_a_day_is_looked_at_and_never_lived_through(chasing: Chasing, ask: Ask) -> None:
    assert "Add --dry-run" in ask("chase", "--on", a_day().isoformat())
    assert "There is no such person" in ask("why", "99")
    assert "never had a tablet" in ask("why", str(chasing.lending.person().id))
    assert ask("chase", "--json")["sent"] == 0


def test_a_restored_copy_says_so_and_is_let_go_by_somebody(chasing: Chasing, ask: Ask) -> None:
    ask("chase")
    service.note_sent(chasing.settings, 4711, now=chasing.clock())
    assert ask("chase", "--json")["is_copy"] is True
    assert "This is a copy restored from a backup" in ask("chase")
    assert ask("chase", "--this-is-ours", "--json")["is_copy"] is False
