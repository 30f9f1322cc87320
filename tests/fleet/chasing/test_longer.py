"""What somebody says on the phone: a wish for longer is to be decided, and a day that they name is waited for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from fleet.chasing import service
from fleet.chasing.rules import CallOutcome, ChaseState
from fleet.chasing.service import Show
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.people.rules import Channel as ContactBy
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_day import listed
from tests.people import Browser

pytestmark = ON_SQLITE
DUE = date(2026, 6, 29)
QUIET_UNTIL = date(2026, 7, 2)


@pytest.fixture
def asked(chasing: Chasing) -> Loan:
    """A loan whose borrower was rung on the day it was due, beside one that is due for longer."""
    chasing.loan(date(2026, 6, 24))
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(DUE, 12)
    chasing.tick()
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        service.record_call(session, loan.id, CallOutcome.WANTS_LONGER, actor=actor, happening=happening)
    chasing.at(DUE, 13)
    return loan


def test_it_stays_on_the_day_until_the_loan_is_extended(
    chasing: Chasing, asked: Loan, browser_as: Callable[..., Browser]
) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    day = coordinator.get("/chasing").text
    assert "Asked for longer: 1" in day
    page = coordinator.get("/chasing?show=longer").text
    for words in ("They asked on 29 June to have it for longer.", f"/loans/{asked.id}/extend", "Not possible"):
        assert words in page
    assert asked.id not in listed(chasing, Show.WAITING)
    chasing.lending.do(loans.extend, asked.id, reason="Longer", due_on=date(2026, 7, 20))
    assert "Asked for longer" not in coordinator.get("/chasing").text
    assert listed(chasing, Show.LONGER) == []
    assert "asked for it for longer" not in chasing.why(asked)
    assert "Lift this hold" not in coordinator.get(f"/chasing/loans/{asked.id}").text


def test_it_is_declined_with_one_press_and_chasing_goes_on(
    chasing: Chasing, asked: Loan, browser_as: Callable[..., Browser]
) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    hold = chasing.lending.read(service.queue, now=chasing.clock(), show=Show.LONGER).entries[0].longer
    assert hold is not None
    answer = coordinator.submit(f"/chasing/holds/{hold[0]}/lift", follow_redirects=True).text
    assert "they cannot have it for longer" in answer
    assert listed(chasing, Show.LONGER) == []
    chasing.at(QUIET_UNTIL, 12)
    chasing.tick()
    assert chasing.ledger(asked)[-1] == ("days_after", ChaseState.TO_DO)


def test_a_forgotten_question_quiets_the_ladder_for_three_working_days_and_stays(chasing: Chasing, asked: Loan) -> None:
    for day in (DUE, QUIET_UNTIL):
        chasing.at(day, 14)
        chasing.tick()
        assert chasing.ledger(asked)[-1] == ("due_day", ChaseState.DONE)
        assert "they asked for it for longer, and are left in peace until 2 July" in chasing.why(asked)
    chasing.at(date(2026, 7, 3), 12)
    chasing.tick()
    assert chasing.ledger(asked)[-1] == ("days_after", ChaseState.TO_DO)
    assert listed(chasing, Show.LONGER) == [asked.id]


def test_a_loan_that_ended_is_not_decided_about(chasing: Chasing, asked: Loan) -> None:
    chasing.lending.step(asked.id, LoanState.COLLECTED)
    assert listed(chasing, Show.LONGER) == []


def test_a_day_on_which_they_give_it_back_is_shown_and_waited_for(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(DUE, 12)
    chasing.tick()
    coordinator, call = browser_as(Role.COORDINATOR), f"/chasing/loans/{loan.id}/calls"
    gone = coordinator.submit(call, {"reason": "will_give_back", "gives_back_on": "2026-06-01"})
    assert gone.status_code == 422
    assert "has passed" in gone.text
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.TO_DO)
    assert coordinator.submit(call, {"reason": "will_give_back", "gives_back_on": "2026-07-03"}).status_code == 303
    assert "says they give it back on Friday 3 July" in coordinator.get("/chasing").text
    chasing.at(date(2026, 7, 3), 12)
    chasing.tick()
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.DONE)
    chasing.at(date(2026, 7, 4), 12)
    chasing.tick()
    assert chasing.ledger(loan)[-1] == ("days_after", ChaseState.TO_DO)
    assert "says they give it back" not in coordinator.get("/chasing").text


def test_will_give_it_back_without_a_day_is_as_it_was(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(DUE, 12)
    chasing.tick()
    coordinator = browser_as(Role.COORDINATOR)
    answer = coordinator.submit(f"/chasing/loans/{loan.id}/calls", {"reason": "will_give_back", "gives_back_on": ""})
    assert answer.status_code == 303
    assert listed(chasing, Show.WAITING) == []
