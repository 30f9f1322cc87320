"""The dry run of a day to come plays the days until then: each message and each task is told of one day, its own."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from fleet.chasing.rules import Action, HoldReason
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.people.rules import Channel as ContactBy
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

pytestmark = ON_SQLITE
TODAY = date(2026, 6, 12)
DUE = date(2026, 6, 29)
Told = set[tuple[date, int, str, str]]


def after(days: int) -> date:
    return DUE + timedelta(days=days)


def foretold(chasing: Chasing, first: date, last: date) -> Told:
    """(day, loan, step, message or task) of every dry run made now."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    acts = (Action.MESSAGE, Action.TASK)
    return {
        (day, each.loan_id, each.rung.key, each.action.value)
        for day in days
        for each in chasing.planned(day)
        if each.action in acts
    }


def done(chasing: Chasing, lent: list[Loan], first: date, last: date) -> Told:
    """The same of the ledger, once the days have gone by."""
    before = {entry.id for loan in lent for entry in chasing.entries(loan)}
    for number in range((last - first).days + 1):
        chasing.at(first + timedelta(days=number), 12)
        chasing.tick()
    became = {"sent": "message", "to_print": "message", "to_do": "task", "withdrawn": "task"}
    entries = [entry for loan in lent for entry in chasing.entries(loan) if entry.id not in before]
    return {
        (entry.created_at.date(), entry.loan_id, entry.rung, became[entry.state.value])
        for entry in entries
        if entry.state.value != "skipped"
    }


def test_a_message_that_leaves_on_its_day_is_not_told_of_the_days_after_it(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    chasing.at(TODAY)
    loan, late = chasing.loan(DUE), chasing.loan(DUE, by=ContactBy.CALL)
    coordinator = browser_as(Role.COORDINATOR)

    def told(on: date) -> list[tuple[int, str, str]]:
        items = coordinator.get(f"/api/v1/chasing/dry-run?on={on}").json()["items"]
        return [(each["loan_id"], each["rung"], each["action"]) for each in items]

    assert told(DUE) == [(loan.id, "due_day", "message"), (late.id, "due_day", "task")]
    assert told(after(1)) == told(after(2)) == []
    assert told(after(7)) == [(loan.id, "week_after", "task"), (late.id, "week_after", "task")]
    assert told(after(8)) == told(after(11)) == []
    assert "on the day it is due" not in coordinator.get(f"/chasing/dry-run?on={after(1)}").text
    assert chasing.why(loan, after(1)) == (
        "Not to be messaged on Tuesday 30 June: if nothing changes, that message leaves by text on Monday 29 June, "
        "on the day it is due."
    )
    assert chasing.why(late, after(9)) == (
        "Not to be messaged on Wednesday 8 July: if nothing changes, a person is asked on Monday 6 July, "
        "a week after it was due."
    )


def test_what_waits_is_told_of_the_first_day_on_which_it_can_leave(chasing: Chasing) -> None:
    chasing.at(TODAY)
    held, sunday = chasing.loan(DUE), chasing.loan(after(1))
    chasing.hold(held, HoldReason.AWAY, until=after(1))
    planned = {
        number: [(each.loan_id, each.rung.key, each.action.value) for each in chasing.planned(after(number))]
        for number in range(-1, 4)
    }
    assert planned == {
        -1: [(held.id, "two_days_before", "wait"), (sunday.id, "two_days_before", "wait")],
        0: [(held.id, "due_day", "wait"), (sunday.id, "two_days_before", "message")],
        1: [(held.id, "due_day", "wait"), (sunday.id, "due_day", "message")],
        2: [(held.id, "due_day", "message")],
        3: [(held.id, "days_after", "message")],
    }


def test_a_home_that_reads_two_languages_hears_of_one_loan_a_day(chasing: Chasing) -> None:
    chasing.at(TODAY)
    one_phone = {"phone": "07700 900321"}
    lent = [chasing.loan(DUE, details=one_phone), chasing.loan(DUE, details={**one_phone, "language_read": "cy"})]
    lent.append(chasing.loan(DUE, details=one_phone))
    told = foretold(chasing, TODAY, after(10))
    assert told == done(chasing, lent, TODAY, after(10))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_dry_runs_made_today_are_what_the_ticks_then_do(chasing: Chasing, seed: int) -> None:
    chance = random.Random(seed)
    chasing.at(TODAY - timedelta(days=20))
    programmes = [chasing.lending.programme(open_loans_per_person=2, grace_days=grace) for grace in (0, 2, 9)]
    ways = [ContactBy.TEXT, ContactBy.TEXT, ContactBy.EMAIL, ContactBy.CALL, ContactBy.LETTER]
    twice = chasing.lending.person(channel=ContactBy.TEXT)
    lent = []
    for number in range(9):
        reached = {
            "phone": f"07700 90011{chance.randint(0, 3)}",
            "email": f"sample{chance.randint(0, 2)}@doorstep.example",
        }
        home = {"address_line_1": f"{chance.randint(1, 2)} Sample Court", "postcode": "N19 5XX"}
        read = {"language_read": chance.choice(["en", "en", "cy", "pl"])}
        person = chasing.lending.person(channel=chance.choice(ways), **reached, **home, **read)
        due_on = TODAY + timedelta(days=chance.randint(-12, 12))
        programme, state = (
            chance.choice(programmes),
            chance.choice([LoanState.ACTIVE] * 4 + [LoanState.RETURN_ARRANGED]),
        )
        person = twice if number < 2 else person
        lent.append(chasing.lending.loan_at(state, programme, person=person, due_on=due_on))
    chasing.at(TODAY - timedelta(days=3))
    chasing.tick()
    for loan in chance.sample(lent, 4):
        chasing.hold(loan, chance.choice(list(HoldReason)), until=TODAY + timedelta(days=chance.randint(0, 9)))
    chasing.lending.do(loans.stop_for_death, lent[-1].id)
    chasing.at(TODAY)
    last = TODAY + timedelta(days=21)
    told = foretold(chasing, TODAY, last)
    assert told == done(chasing, lent, TODAY, last)
    assert len(told) > 9
