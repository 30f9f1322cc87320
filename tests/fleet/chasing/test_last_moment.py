"""Everything that must keep a message from leaving, tried at the last possible moment: claimed, and not yet sent.

Two workers try to send each one, and the clock jumps in between.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from fleet.chasing import service
from fleet.chasing.channels.base import Outgoing
from fleet.chasing.models import Chase
from fleet.chasing.rules import CallOutcome, ChaseState, HoldReason
from fleet.chasing.service.marks import FILE
from fleet.cohorts import service as cohorts
from fleet.cohorts.calendar import SpecialDays
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, StopReason
from fleet.people import service as people
from fleet.people.models import Person
from fleet.people.rules import Channel as ContactBy
from fleet.users.actor import SYSTEM
from fleet.users.rules import Role
from tests.fleet.chasing.conftest import Chasing
from tests.lending import lost_by_two

DUE = date(2026, 6, 29)


@dataclass
class Caught:
    """A way out that keeps what leaves."""

    left: list[Outgoing] = field(default_factory=list)

    def deliver(self, message: Outgoing) -> None:
        self.left.append(message)

    def has_left(self, reference: str, channel: str) -> bool:
        return any(each.reference == reference for each in self.left)


def claimed(chasing: Chasing, loan: Loan) -> Chase:
    with chasing.database.write() as session:
        service.make_known(session, chasing.settings, now=chasing.clock())
    with chasing.database.write() as session:
        chase = service.claim(session, loan.id, now=chasing.clock(), settings=chasing.settings)
    assert chase is not None
    assert chase.state is ChaseState.PREPARING
    return chase


def sent_by_two_workers(chasing: Chasing, chase: Chase, way_out: Caught) -> None:
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        service.send(chasing.database, chase.id, channel=way_out, clock=chasing.clock, settings=chasing.settings)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _person(chasing: Chasing, loan: Loan, **values: object) -> None:
    with chasing.database.write() as session:
        person = session.get_one(Person, loan.person_id)
        for name, value in values.items():
            setattr(person, name, value)


def returned(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.step(loan.id, LoanState.RETURN_ARRANGED)
    chasing.lending.step(loan.id, LoanState.COLLECTED)
    chasing.lending.step(loan.id, LoanState.CLOSED_RETURNED)


def in_transit_back(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.step(loan.id, LoanState.RETURN_ARRANGED)
    chasing.lending.step(loan.id, LoanState.COLLECTED)


def return_arranged(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.step(loan.id, LoanState.RETURN_ARRANGED)


def claims_returned(chasing: Chasing, loan: Loan) -> None:
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        service.record_call(session, loan.id, CallOutcome.SAYS_GIVEN_BACK, actor=actor, happening=happening)


def claimed_returned_weeks_ago(chasing: Chasing, loan: Loan) -> None:
    claims_returned(chasing, loan)
    chasing.at(date(2026, 7, 29))


def lost(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.do(lost_by_two, loan.id, reason="Looked everywhere")


def died(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.do(loans.stop_for_death, loan.id)


def withdrew(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.do(loans.stop_contact, loan.id, StopReason.WITHDREW)


def opted_out(chasing: Chasing, loan: Loan) -> None:
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        people.set_opted_out(session, loan.person_id, True, actor=actor, happening=happening)


def in_hospital(chasing: Chasing, loan: Loan) -> None:
    chasing.hold(loan, HoldReason.IN_HOSPITAL, until=DUE)


def bereaved(chasing: Chasing, loan: Loan) -> None:
    chasing.hold(loan, HoldReason.BEREAVEMENT, until=DUE)


def safeguarding(chasing: Chasing, loan: Loan) -> None:
    chasing.hold(loan, HoldReason.SAFEGUARDING, until=DUE)


def prefers_a_call(chasing: Chasing, loan: Loan) -> None:
    _person(chasing, loan, channel=ContactBy.CALL)


def prefers_a_letter(chasing: Chasing, loan: Loan) -> None:
    _person(chasing, loan, channel=ContactBy.LETTER)


def cannot_be_reached(chasing: Chasing, loan: Loan) -> None:
    _person(chasing, loan, phone="")


def somebody_else_has_their_number(chasing: Chasing, loan: Loan) -> None:
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        service.record_call(session, loan.id, CallOutcome.WRONG_NUMBER, actor=actor, happening=happening)


def answered(chasing: Chasing, loan: Loan) -> None:
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        service.note_reply(
            session, loan.person_id, channel="text", words="Tomorrow please", actor=actor, happening=happening
        )


def late_in_the_evening(chasing: Chasing, loan: Loan) -> None:
    chasing.at(DUE, 18, 0)


def on_a_sunday(chasing: Chasing, loan: Loan) -> None:
    chasing.at(date(2026, 7, 5))


def on_a_bank_holiday(chasing: Chasing, loan: Loan) -> None:
    chasing.at(date(2026, 8, 31))


def on_a_closed_day(chasing: Chasing, loan: Loan) -> None:
    days = SpecialDays(date(2026, 7, 8), date(2026, 7, 8), "Staff training")
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        cohorts.add_closure(session, loan.hub_id, days, actor=actor, happening=happening)
    chasing.at(date(2026, 7, 8))


def extended(chasing: Chasing, loan: Loan) -> None:
    chasing.lending.do(loans.extend, loan.id, reason="Longer", due_on=date(2026, 7, 27))


def in_a_copy_elsewhere(chasing: Chasing, loan: Loan) -> None:
    (chasing.settings.data_dir / FILE).unlink()


def in_an_older_copy(chasing: Chasing, loan: Loan) -> None:
    service.note_sent(chasing.settings, 10_000, now=chasing.clock())


NEVER: tuple[Callable[[Chasing, Loan], None], ...] = (
    returned,
    in_transit_back,
    return_arranged,
    claims_returned,
    claimed_returned_weeks_ago,
    lost,
    died,
    withdrew,
    opted_out,
    in_hospital,
    bereaved,
    safeguarding,
    prefers_a_call,
    prefers_a_letter,
    cannot_be_reached,
    somebody_else_has_their_number,
    answered,
    late_in_the_evening,
    on_a_sunday,
    on_a_bank_holiday,
    on_a_closed_day,
    extended,
    in_a_copy_elsewhere,
    in_an_older_copy,
)


def counts_again(chasing: Chasing, **asked: Any) -> service.LookedBack | None:
    way_out = service.outbox(chasing.settings)
    return service.accept(
        chasing.database, chasing.settings, channel=way_out, clock=chasing.clock, actor=SYSTEM, **asked
    )


def test_nothing_leaves_once_anything_speaks_against_it(chasing: Chasing) -> None:
    for happens in NEVER:
        chasing.at(date(2026, 6, 1))
        (chasing.settings.data_dir / FILE).unlink(missing_ok=True)
        counts_again(chasing)
        loan = chasing.loan(DUE)
        chasing.at(DUE, 17, 59)
        chase, way_out = claimed(chasing, loan), Caught()
        happens(chasing, loan)
        sent_by_two_workers(chasing, chase, way_out)
        assert way_out.left == [], happens.__name__
        assert chasing.entries(loan)[-1].state in (ChaseState.FAILED, ChaseState.WITHDRAWN), happens.__name__
        assert chasing.entries(loan)[-1].message_day is None, happens.__name__


@pytest.mark.parametrize("hours", [0, -1])
def test_it_leaves_once_though_two_workers_try_and_the_clock_jumps(chasing: Chasing, hours: int) -> None:
    loan, way_out = chasing.loan(DUE), Caught()
    chasing.at(DUE)
    chase = claimed(chasing, loan)
    chasing.clock.advance(hours=hours)
    sent_by_two_workers(chasing, chase, way_out)
    chasing.clock.advance(hours=-hours)
    for _ in range(2):
        chasing.tick(way_out)
    assert len(way_out.left) == 1


def test_a_message_counts_for_the_day_on_which_it_leaves_however_long_its_sender_stood_still(chasing: Chasing) -> None:
    person, policy = chasing.lending.person(channel=ContactBy.TEXT), {"open_loans_per_person": 2}
    loan = chasing.loan(DUE, person=person, policy=policy)
    chasing.loan(date(2026, 7, 2), person=person, policy=policy)  # its own step comes on 30 June
    chasing.at(DUE, 17, 59)
    chase, way_out = claimed(chasing, loan), Caught()
    chasing.at(date(2026, 6, 30))
    sent_by_two_workers(chasing, chase, way_out)
    assert chasing.entries(loan)[-1].message_day == date(2026, 6, 30)
    assert chasing.tick(way_out).sent == 0
    chasing.at(date(2026, 7, 1))
    assert chasing.tick(way_out).sent == 1


def test_a_step_that_was_taken_by_a_clock_that_ran_ahead_is_not_taken_again(chasing: Chasing) -> None:
    loan, way_out = chasing.loan(DUE), Caught()
    chasing.at(date(2026, 6, 30))  # it is the 29th
    assert chasing.tick(way_out).sent == 1
    for day in (DUE, date(2026, 6, 30)):
        chasing.at(day, 11)
        ticked = chasing.tick(way_out)
        assert (ticked.sent, ticked.troubled) == (0, 0)
    chasing.at(date(2026, 7, 2))
    assert chasing.tick(way_out).sent == 1
    assert chasing.ledger(loan)[-1] == ("days_after", ChaseState.SENT)


def test_a_copy_says_so_and_sends_again_once_somebody_says_that_it_counts(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 6, 22))
    assert chasing.tick().sent == 1
    (chasing.settings.data_dir / FILE).unlink()
    chasing.at(DUE)
    assert (chasing.tick().sent, chasing.tick().waiting) == (0, 1)
    with chasing.database.read() as session:
        assert service.is_copy(session, chasing.settings)
    (planned,) = chasing.planned(DUE, is_copy=True)
    assert planned.why == "this is a copy restored from a backup, and nothing leaves from a copy"
    counts_again(chasing, send_all=True)
    assert chasing.tick().sent == 1
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)


def test_an_answer_pauses_the_ladder_until_somebody_read_it(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 6, 22))
    chasing.tick()
    answered(chasing, loan)
    chasing.at(DUE)
    assert (chasing.tick().sent, chasing.tick().waiting) == (0, 1)
    assert "they answered on 22 June, and nobody has read it yet" in chasing.why(loan)
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        (reply,) = service.replies_of_person(session, loan.person_id)
        service.read_reply(session, reply.id, actor=actor, happening=happening)
    assert chasing.tick().sent == 1


def test_a_claim_is_looked_for_and_then_decided_about_and_never_chased(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 6, 30))
    claims_returned(chasing, loan)
    chasing.at(date(2026, 7, 6))
    assert (chasing.tick().tasks, chasing.tick().waiting) == (0, 1)
    assert "they say that they gave it back, and we look for it until 14 July" in chasing.why(loan)
    chasing.at(date(2026, 7, 20))
    assert chasing.tick().tasks == 1
    assert chasing.outbox() == []
