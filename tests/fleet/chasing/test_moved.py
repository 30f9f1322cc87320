"""A day that the hub moved: who did not ask for it is told once, before they stand at a closed door (rule R3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from fleet.chasing import queries, service
from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import MOVED, ChaseState, HoldReason, Rung
from fleet.cohorts.calendar import SpecialDays
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.people.models import Person
from fleet.people.rules import Channel as ContactBy
from fleet.people.rules import PrintFormat
from fleet.planning import service as planning
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

MONDAY = date(2026, 6, 1)
DUE = date(2026, 6, 24)
NEW = date(2026, 6, 25)
TOLD = (MOVED.key, ChaseState.SENT)


@pytest.fixture(autouse=True)
def on_monday(chasing: Chasing) -> None:
    chasing.at(MONDAY)


def move(chasing: Chasing, *moved: Loan, to: date = NEW, with_cohort: bool = False) -> None:
    with chasing.database.write() as session:
        wanted = {each.id: (day, to) for each in moved if (day := loans.get_loan(session, each.id).due_on) is not None}
        loans.move_due_dates(
            session,
            wanted,
            actor=chasing.lending.actor(Role.COORDINATOR),
            happening=Happening(now=chasing.clock(), reason="The hub is closed"),
            with_cohort=with_cohort,
        )


def reader(chasing: Chasing) -> Person:
    return chasing.lending.person(channel=ContactBy.TEXT)


def words(chasing: Chasing) -> str:
    """What the last message said."""
    return chasing.outbox()[-1].read_text(encoding="utf-8")


def test_who_would_have_come_to_a_closed_hub_hears_of_the_new_day_at_once(chasing: Chasing) -> None:
    loan, stays = chasing.loan(DUE), chasing.loan(date(2026, 6, 26))
    closed = SpecialDays(DUE, DUE, "Staff training")
    hub_id = chasing.lending.hub_id
    seen = chasing.lending.read(planning.preview, closed, hub_id=hub_id, now=chasing.clock())
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        planning.close(session, closed, hub_id=hub_id, seen=seen.digest, actor=actor, happening=happening)
    assert chasing.tick().sent == 1
    said = words(chasing)
    assert "The old day was Wednesday 24 June." in said
    assert "The new day is Thursday 25 June." in said
    assert "We are closed on the old day." in said
    assert "ring us on" in said or "talk to us" in said
    assert (chasing.ledger(loan), chasing.ledger(stays)) == ([TOLD], [])


def test_it_is_told_once_and_the_ladder_of_the_new_day_goes_on(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    move(chasing, loan)
    assert [chasing.tick().sent for _ in range(3)] == [1, 0, 0]
    for day in range(1, 18):
        chasing.at(MONDAY + timedelta(days=day))
        chasing.tick()
    assert chasing.ledger(loan) == [TOLD, ("week_before", ChaseState.SENT)]


def test_a_month_that_ends_on_another_day_says_so(chasing: Chasing) -> None:
    move(chasing, chasing.loan(DUE), with_cohort=True)
    chasing.tick()
    assert "Your month with us ends on another day." in words(chasing)


def test_who_asked_for_another_day_is_not_told_that_we_moved_it(chasing: Chasing) -> None:
    moved = chasing.loan(DUE)
    move(chasing, moved)
    chasing.lending.do(loans.extend, moved.id, reason="Longer", due_on=date(2026, 7, 3))
    assert chasing.tick().sent == 0
    assert MOVED.words not in chasing.why(moved)


def test_moved_twice_before_anybody_heard_it_the_old_day_is_the_one_they_know(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    move(chasing, loan)
    move(chasing, loan, to=date(2026, 6, 26))
    assert chasing.tick().sent == 1
    assert "The old day was Wednesday 24 June. The new day is Friday 26 June." in words(chasing)
    move(chasing, loan, to=date(2026, 6, 29))
    chasing.at(MONDAY + timedelta(days=1))
    assert chasing.tick().sent == 1
    assert "The old day was Friday 26 June. The new day is Monday 29 June." in words(chasing)


def test_moved_back_before_anybody_heard_it_there_is_nothing_to_tell(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    move(chasing, loan)
    move(chasing, loan, to=DUE)
    assert chasing.tick().sent == 0
    chasing.at(DUE - timedelta(days=7))
    chasing.tick()
    assert chasing.ledger(loan) == [("week_before", ChaseState.SENT)]


def test_the_guards_stand_before_it_as_before_every_message(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    move(chasing, loan)
    chasing.at(MONDAY, 20)
    assert chasing.tick().sent == 0
    hold = chasing.hold(loan, HoldReason.IN_HOSPITAL, until=MONDAY + timedelta(days=5))
    chasing.at(MONDAY + timedelta(days=1))
    assert (chasing.tick().sent, chasing.ledger(loan)) == (0, [])
    chasing.lift(hold)
    assert chasing.tick().sent == 1
    assert chasing.ledger(loan) == [TOLD]


def test_the_dead_are_not_told(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    move(chasing, loan)
    chasing.lending.do(loans.stop_for_death, loan.id)
    chasing.tick()
    assert chasing.ledger(loan) == []


def test_who_prefers_a_call_is_rung_with_both_days(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    move(chasing, loan)
    assert chasing.tick().tasks == 1
    (entry,) = chasing.entries(loan)
    assert (entry.rung, entry.state) == (MOVED.key, ChaseState.TO_DO)
    assert "from Wednesday 24 June to Thursday 25 June: the hub is closed then" in entry.note


def test_a_call_that_nobody_made_is_not_lost_with_the_next_one(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    move(chasing, loan)
    chasing.tick()
    chasing.at(NEW - timedelta(days=7))
    assert chasing.tick().tasks == 1
    told, call = chasing.entries(loan)
    assert (told.state, call.rung, call.state) == (ChaseState.WITHDRAWN, "week_before", ChaseState.TO_DO)
    assert "from Wednesday 24 June to Thursday 25 June" in call.note
    assert "shall we fetch it" in call.note


def test_who_prefers_letters_gets_a_letter(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, by=ContactBy.LETTER)
    move(chasing, loan)
    assert chasing.tick().to_print == 1
    assert chasing.ledger(loan) == [(MOVED.key, ChaseState.TO_PRINT)]
    chasing.at(NEW - timedelta(days=7))
    assert chasing.tick().to_print == 1
    assert chasing.ledger(loan)[0] == (MOVED.key, ChaseState.TO_PRINT), "it still waits to be posted"


def test_it_goes_before_a_step_that_is_due_on_the_same_day(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(NEW - timedelta(days=8), 20)
    move(chasing, loan)
    chasing.at(NEW - timedelta(days=7))
    assert chasing.tick().sent == 1
    assert chasing.ledger(loan) == [TOLD]
    chasing.at(NEW - timedelta(days=6))
    chasing.tick()
    assert chasing.ledger(loan) == [TOLD, ("week_before", ChaseState.SENT)]


def test_at_one_home_it_goes_before_what_is_due_about_another_tablet(chasing: Chasing) -> None:
    programme, person = chasing.lending.programme(open_loans_per_person=2), reader(chasing)
    soon = chasing.loan(MONDAY + timedelta(days=14), programme=programme, person=person)
    moved = chasing.loan(DUE, programme=programme, person=person)
    chasing.at(MONDAY + timedelta(days=7))
    move(chasing, moved)
    assert chasing.tick().sent == 1
    assert (chasing.ledger(soon), chasing.ledger(moved)) == ([], [TOLD])
    chasing.at(MONDAY + timedelta(days=8))
    chasing.tick()
    assert chasing.ledger(soon) == [("week_before", ChaseState.SENT)]


def test_two_tablets_that_moved_are_told_of_in_one_message(chasing: Chasing) -> None:
    programme, person = chasing.lending.programme(open_loans_per_person=2), reader(chasing)
    both = [chasing.loan(DUE, programme=programme, person=person) for _ in range(2)]
    move(chasing, *both)
    assert chasing.tick().sent == 1
    assert "The same goes for your other tablet. You can keep that one until Thursday 25 June." in words(chasing)
    assert [chasing.ledger(each) for each in both] == [[TOLD], [TOLD]]


def test_it_is_over_with_the_day_itself(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    move(chasing, loan)
    hold = chasing.hold(loan, HoldReason.AWAY, until=NEW + timedelta(days=1))
    chasing.at(NEW + timedelta(days=8))
    chasing.lift(hold)
    chasing.tick()
    assert [rung for rung, _ in chasing.ledger(loan) if rung == MOVED.key] == []


def test_why_and_the_dry_run_name_it_in_words(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    move(chasing, loan)
    with chasing.database.read() as session:
        (line,) = service.dry_run(session, MONDAY, now=chasing.clock()).lines
    assert (line.loan_id, line.rung.words) == (loan.id, MOVED.words)  # type: ignore[union-attr]  # it is planned
    assert chasing.why(loan).endswith("it leaves within five minutes.")
    assert "because we moved the day it is due" in chasing.why(loan)
    chasing.tick()
    assert chasing.why(loan) == "Messaged by text on Monday 1 June: because we moved the day it is due."
    with chasing.database.read() as session:
        (done,) = service.dry_run(session, MONDAY, now=chasing.clock()).lines
    assert done.step == "because we moved the day it is due"  # type: ignore[union-attr]  # it is done


def test_no_programme_can_forget_it(chasing: Chasing) -> None:
    programme = chasing.lending.programme()
    with chasing.database.write() as session:
        asked: dict[str, Any] = {"grace_days": 2, "actor": chasing.lending.actor(Role.COORDINATOR)}
        asked["happening"] = chasing.lending.happening()
        rungs = [rung for rung in default_ladder().rungs if rung.key == "review"]
        service.set_ladder(session, programme.id, rungs, **asked)
        with pytest.raises(BadInput, match="The ladder was not changed"):
            service.set_ladder(session, programme.id, [_of_that_name(), *rungs], **asked)
    loan = chasing.loan(DUE, programme=programme)
    move(chasing, loan)
    assert chasing.tick().sent == 1
    assert chasing.ledger(loan) == [TOLD]


def _of_that_name() -> Rung:
    first = default_ladder().rungs[0]
    return Rung(MOVED.key, first.days, first.stage, first.by, first.words, first.task, subject="A", body="Hello")


def test_the_step_is_told_in_easy_read_and_in_their_language(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, details={"print_format": PrintFormat.EASY_READ})
    move(chasing, loan)
    chasing.tick()
    assert "We have moved the day to give it back." in words(chasing)


def test_a_loan_that_was_given_back_is_not_told_of(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    move(chasing, loan)
    chasing.lending.step(loan.id, LoanState.COLLECTED)
    chasing.tick()
    assert chasing.ledger(loan) == []


@ON_SQLITE
def test_the_ladder_of_every_programme_names_it_and_shows_its_words(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE)
    coordinator, below = browser_as(Role.COORDINATOR), f"chasing/programmes/{loan.programme_id}"
    assert "Because we moved the day it is due" in coordinator.get(f"/{below}/ladder").text
    shown = coordinator.get(f"/{below}/words").text
    assert "Because we moved the day it is due" in shown
    assert "The old day was Wednesday 24 June. The new day is Thursday 25 June." in shown
    (always,) = coordinator.get(f"/api/v1/{below}/ladder").json()["always"]
    assert always["key"] == MOVED.key
    own = {"subject": "A", "body": "B"}
    assert coordinator.put(f"/api/v1/{below}/ladder/{MOVED.key}/words/pl", json=own).status_code == 404


@ON_SQLITE
def test_they_are_found_by_an_index_of_the_days_that_moved(chasing: Chasing) -> None:
    asked: list[tuple[str, Any]] = []

    @event.listens_for(chasing.database.engine, "before_cursor_execute")
    def keep(_connection: Any, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    with chasing.database.read() as session:
        queries.loans_moved(session, MONDAY, known_until=chasing.clock(), after=None, limit=500)
        statement, given = next(each for each in asked if "loan_due_version" in each[0])
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()
    first, *others = [str(row[3]) for row in plan]
    assert first.startswith("SEARCH loan_due_version USING INDEX ix_loan_due_version_moved")
    assert [line for line in others if line.startswith(("SCAN", "USE TEMP"))] == []
