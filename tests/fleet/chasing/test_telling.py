"""Why somebody was, or was not, written to: one sentence that agrees with the ledger."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.chasing import queries
from fleet.chasing.rules import HoldReason
from fleet.database.lists import ListQuery
from fleet.errors import NotFound
from fleet.loans import service as loans
from fleet.loans.rules import LoanState, StopReason
from fleet.people.rules import Channel as ContactBy
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing

DUE = date(2026, 6, 29)


def test_a_hold_is_told_with_who_and_when(chasing: Chasing) -> None:
    loan = chasing.loan(date(2026, 6, 11))
    chasing.at(date(2026, 6, 2))
    chasing.hold(loan, HoldReason.IN_HOSPITAL, until=date(2026, 6, 12))
    chasing.at(date(2026, 6, 4))
    chasing.tick()
    assert chasing.why(loan) == (
        "Not messaged on Thursday 4 June: in hospital until 12 June, hold set by a coordinator on 2 June."
    )


def test_a_message_is_told_with_its_day_and_channel_weeks_later(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, by=ContactBy.EMAIL, details={"email": "sample@doorstep.example"})
    chasing.at(date(2026, 6, 22))
    chasing.tick()
    chasing.at(date(2026, 7, 20))
    assert chasing.why(loan, date(2026, 6, 22)) == "Messaged by email on Monday 22 June: a week before it is due."


def test_a_loan_that_was_given_back_or_stopped_says_since_when(chasing: Chasing) -> None:
    back, stopped = chasing.loan(DUE), chasing.loan(DUE)
    chasing.at(date(2026, 6, 24))
    chasing.lending.step(back.id, LoanState.RETURN_ARRANGED)
    chasing.lending.step(back.id, LoanState.COLLECTED)
    chasing.lending.do(loans.stop_contact, stopped.id, StopReason.WITHDREW)
    chasing.at(DUE)
    assert chasing.why(back).endswith("the tablet was given back on 24 June.")
    assert chasing.why(stopped).endswith("all contact about this loan was stopped on 24 June.")


def test_a_lifted_hold_explains_the_days_before_it_was_lifted_only(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 6, 20))
    hold = chasing.hold(loan, HoldReason.AWAY, until=date(2026, 7, 20))
    chasing.at(date(2026, 6, 24))
    chasing.lift(hold)
    assert "away from home" in chasing.why(loan, date(2026, 6, 23))
    assert "away from home" not in chasing.why(loan, date(2026, 6, 24))


@ON_SQLITE
def test_a_claim_that_nobody_decided_about_is_told_as_a_persons_task_and_stays_listed(chasing: Chasing) -> None:
    loan, decided = chasing.loan(DUE), date(2026, 7, 2)
    chasing.at(DUE)
    chasing.hold(loan, HoldReason.SAYS_GIVEN_BACK, until=date(2026, 7, 1))
    chasing.at(decided)
    assert "a task for a person is due" in chasing.why(loan)
    listed = chasing.lending.read(queries.find_holds, ListQuery(filters={"open": "yes"}), decided)
    assert listed.total == 1
    assert chasing.tick().tasks == 1


def test_no_such_loan_is_said(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    loan.id = 999
    with pytest.raises(NotFound):
        chasing.why(loan)
