"""A number that a stranger answered is wrong for everybody who has it on record, until it is right or another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fleet.chasing import service
from fleet.chasing.rules import CallOutcome, ChaseState
from fleet.loans.models import Loan
from fleet.people import service as people
from fleet.people.rules import Channel
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

WEEK_BEFORE, DUE = date(2026, 6, 22), date(2026, 6, 29)
SHARED = {"phone": "07700 900321"}


def ring(chasing: Chasing, loan: Loan, outcome: CallOutcome) -> None:
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        service.record_call(session, loan.id, outcome, actor=actor, happening=happening)


def give_number(chasing: Chasing, loan: Loan, phone: str) -> None:
    details = people.Details(
        first_name="Sample",
        last_name="Somebody",
        phone=phone,
        address_line_1="1 Sample Court",
        town="London",
        postcode="N19 5XX",
        channel=Channel.TEXT,
        consents=True,
    )
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        people.change_person(session, loan.person_id, details, actor=actor, happening=happening)


def test_nobody_who_has_the_number_is_written_to_at_a_strangers(chasing: Chasing) -> None:
    rung, other = chasing.loan(DUE, details=SHARED), chasing.loan(DUE, details=SHARED)
    chasing.at(WEEK_BEFORE)
    ring(chasing, rung, CallOutcome.WRONG_NUMBER)
    assert (chasing.tick().tasks, chasing.outbox()) == (2, [])
    chasing.at(DUE)
    assert (chasing.tick().sent, chasing.outbox()) == (0, [])
    assert chasing.ledger(other)[-1] == ("due_day", ChaseState.TO_DO)
    assert "the number on record was wrong when somebody rang: find another" in chasing.why(other)


@ON_SQLITE
def test_each_is_written_to_again_at_a_number_of_their_own(chasing: Chasing) -> None:
    rung, other = chasing.loan(DUE, details=SHARED), chasing.loan(DUE, details=SHARED)
    chasing.at(WEEK_BEFORE)
    ring(chasing, rung, CallOutcome.WRONG_NUMBER)
    give_number(chasing, rung, "07700 900322")
    chasing.at(DUE)
    assert chasing.tick().sent == 1
    assert chasing.ledger(rung)[-1] == ("due_day", ChaseState.SENT)
    assert chasing.ledger(other)[-1] == ("due_day", ChaseState.TO_DO)


@ON_SQLITE
def test_whoever_gets_the_number_later_is_not_written_to_at_it_either(chasing: Chasing) -> None:
    rung, changed = chasing.loan(DUE, details=SHARED), chasing.loan(DUE)
    ring(chasing, rung, CallOutcome.WRONG_NUMBER)
    give_number(chasing, changed, SHARED["phone"])
    new = chasing.loan(DUE, details=SHARED)
    chasing.at(DUE)
    assert (chasing.tick().sent, chasing.outbox()) == (0, [])
    assert {chasing.ledger(each)[-1] for each in (changed, new)} == {("due_day", ChaseState.TO_DO)}


@ON_SQLITE
def test_once_one_of_them_is_reached_by_it_it_is_right_for_all(chasing: Chasing) -> None:
    rung, other = chasing.loan(DUE, details=SHARED), chasing.loan(DUE, details=SHARED)
    chasing.at(WEEK_BEFORE)
    ring(chasing, rung, CallOutcome.WRONG_NUMBER)
    ring(chasing, other, CallOutcome.SPOKE)
    chasing.at(DUE)
    assert chasing.tick().sent >= 1
    assert {chasing.ledger(each)[-1] for each in (rung, other)} == {("due_day", ChaseState.SENT)}


@ON_SQLITE
def test_somebody_without_a_number_is_no_reason_to_doubt_another(chasing: Chasing) -> None:
    rung = chasing.loan(DUE, details={"phone": ""}, by=Channel.LETTER)
    other = chasing.loan(DUE, details={"phone": ""}, by=Channel.LETTER)
    ring(chasing, rung, CallOutcome.WRONG_NUMBER)
    with chasing.database.read() as session:
        assert people.get_person(session, other.person_id).phone_wrong_on is None


@ON_SQLITE
def test_the_page_of_the_other_asks_for_the_right_number(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    rung, other = chasing.loan(DUE, details=SHARED), chasing.loan(DUE, details=SHARED)
    chasing.at(WEEK_BEFORE)
    ring(chasing, rung, CallOutcome.WRONG_NUMBER)
    page = browser_as(Role.COORDINATOR).get(f"/people/{other.person_id}").text
    assert "(on 22 June 2026 a stranger answered it: find the right one)" in page
    assert "when somebody rang another person who has it" in page
