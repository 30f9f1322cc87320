"""Holds and calls: told once, told twice, and told about somebody who must be left alone."""

from __future__ import annotations

from datetime import date

import pytest

from fleet.chasing import service
from fleet.chasing.rules import CallOutcome, ChaseState, HoldReason
from fleet.errors import BadInput, Conflict
from fleet.loans import service as loans
from fleet.people import service as people
from fleet.people.rules import Channel as ContactBy
from fleet.users.rules import Role
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_last_moment import somebody_else_has_their_number

DUE = date(2026, 6, 29)


def test_a_personal_hold_covers_every_loan_of_the_person_and_another_only_its_own(chasing: Chasing) -> None:
    person = chasing.lending.person(channel=ContactBy.TEXT)
    policy = {"open_loans_per_person": 2}
    held = chasing.loan(DUE, person=person, policy=policy)
    chasing.loan(DUE, person=person, policy=policy)
    chasing.hold(held, HoldReason.OUR_FAULT, until=date(2026, 7, 10))
    chasing.at(DUE)
    assert chasing.tick().sent == 1
    chasing.hold(held, HoldReason.BEREAVEMENT, until=date(2026, 7, 30))
    chasing.at(date(2026, 7, 20))
    assert chasing.tick().sent + chasing.tick().tasks == 0


def test_a_hold_told_twice_is_one_hold(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    placed = set()
    for _ in range(2):
        with chasing.database.write() as session:
            hold = service.place_hold(
                session,
                loan.id,
                HoldReason.AWAY,
                until=DUE,
                actor=chasing.lending.actor(Role.COORDINATOR),
                happening=chasing.lending.happening(client_id="away-for-june"),
            )
            placed.add(hold.id)
    assert len(placed) == 1


def test_a_hold_needs_a_day_that_has_not_passed(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    with pytest.raises(BadInput) as refused:
        chasing.hold(loan, HoldReason.AWAY, until=date(2026, 6, 28))
    assert "has passed" in refused.value.fields["until"]


def _call(chasing: Chasing, loan_id: int, outcome: CallOutcome) -> None:
    with chasing.database.write() as session:
        service.record_call(
            session,
            loan_id,
            outcome,
            actor=chasing.lending.actor(Role.COORDINATOR),
            happening=chasing.lending.happening(),
        )


def test_a_call_that_got_through_does_the_task_and_one_that_did_not_leaves_it(chasing: Chasing) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(DUE)
    chasing.tick()
    _call(chasing, loan.id, CallOutcome.NO_ANSWER)
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.TO_DO)
    _call(chasing, loan.id, CallOutcome.WILL_GIVE_BACK)
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.DONE)


def test_nobody_is_recorded_as_rung_after_a_death(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.lending.do(loans.stop_for_death, loan.id)
    with pytest.raises(Conflict, match="the person has died"):
        _call(chasing, loan.id, CallOutcome.SPOKE)


def test_nobody_is_written_to_by_a_number_that_is_not_theirs_until_there_is_another(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 6, 22))
    somebody_else_has_their_number(chasing, loan)
    assert (chasing.tick().tasks, chasing.outbox()) == (1, [])
    chasing.at(DUE)
    chasing.tick()
    assert "the number on record was wrong when somebody rang" in chasing.why(loan, date(2026, 6, 28))
    assert "the number on record was wrong" not in chasing.why(loan, date(2026, 6, 21))
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        details = people.Details("Sample", "One", phone="07700 900777", channel=ContactBy.TEXT, consents=True)
        people.change_person(session, loan.person_id, details, actor=actor, happening=happening)
    chasing.at(date(2026, 7, 2))
    assert chasing.tick().sent == 1
