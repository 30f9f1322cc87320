"""What reminders do once a recorded death was taken back: nothing that was withdrawn or that waited leaves (R12)."""

from __future__ import annotations

from datetime import date

from fleet.chasing import service
from fleet.chasing.rules import MAX_FAILURES, ChaseState
from fleet.chasing.service.sending import try_again
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.people.rules import Channel as ContactBy
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.lending import SOMEBODY_ELSE, lost_by_two

DUE = date(2026, 6, 29)


def taken_back(chasing: Chasing, loan: Loan) -> None:
    with chasing.database.write() as session:
        coordinator = chasing.lending.happening(reason="We spoke with them")
        who = chasing.lending.people[next(iter(chasing.lending.people))]
        look = loans.ask_death_back(session, loan.person_id, actor=who, happening=coordinator)
        told = chasing.lending.happening()
        loans.agree(session, look.id, actor=SOMEBODY_ELSE, settings=chasing.settings, happening=told)


@ON_SQLITE
def test_what_waited_before_a_death_that_was_taken_back_is_not_asked_for_again(chasing: Chasing) -> None:
    """No worker came by in between, so nothing was withdrawn yet."""
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(DUE)
    assert chasing.tick().tasks == 1
    chasing.clock.advance(minutes=1)
    chasing.lending.do(loans.stop_for_death, loan.id)
    taken_back(chasing, loan)
    chasing.clock.advance(minutes=1)
    ticked = chasing.tick()
    assert (ticked.withdrawn, ticked.tasks) == (1, 0)
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.WITHDRAWN)


@ON_SQLITE
def test_the_ladder_goes_on_with_the_next_step_alone_and_only_for_what_still_runs(chasing: Chasing) -> None:
    loan, over = chasing.loan(DUE), chasing.loan(DUE)
    chasing.at(date(2026, 6, 27), hour=12)
    for each in (loan, over):
        chasing.lending.do(loans.stop_for_death, each.id)
    chasing.lending.do(lost_by_two, over.id, reason="Cleared with the flat")
    chasing.at(date(2026, 7, 2))
    assert chasing.tick().sent == 0
    for each in (loan, over):
        taken_back(chasing, each)
    assert [chasing.tick().sent for _ in range(2)] == [1, 0]
    assert [state for _, state in chasing.ledger(loan)].count(ChaseState.SENT) == 1
    assert ChaseState.SENT not in [state for _, state in chasing.ledger(over)]


@ON_SQLITE
def test_a_message_whose_worker_died_before_the_death_does_not_leave_after_it_was_taken_back(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    with chasing.database.write() as session:
        service.make_known(session, chasing.settings, now=chasing.clock())
        assert service.claim(session, loan.id, now=chasing.clock(), settings=chasing.settings) is not None
    chasing.clock.advance(minutes=1)
    chasing.lending.do(loans.stop_for_death, loan.id)
    taken_back(chasing, loan)
    for _ in range(3):
        chasing.clock.advance(minutes=11)
        assert chasing.tick().sent == 0
    assert chasing.outbox() == []
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.WITHDRAWN)


@ON_SQLITE
def test_what_failed_too_often_becomes_no_task_once_the_person_has_died(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    with chasing.database.write() as session:
        claimed = service.claim(session, loan.id, now=chasing.clock(), settings=chasing.settings)
        assert claimed is not None
        claimed.state, claimed.failures, claimed.message_day = ChaseState.FAILED, MAX_FAILURES, None
    chasing.lending.do(loans.stop_for_death, loan.id)
    way_out = service.outbox(chasing.settings)
    try_again(chasing.database, claimed.id, channel=way_out, clock=chasing.clock, settings=chasing.settings)
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.FAILED)
    assert (chasing.tick().withdrawn, chasing.ledger(loan)[-1]) == (1, ("due_day", ChaseState.WITHDRAWN))
