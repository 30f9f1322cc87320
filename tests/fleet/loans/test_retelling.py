"""What is told late or once more sets a loan's figures right and moves nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import HandedTo, LoanState
from fleet.users.rules import Role
from tests.lending import Lending

MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)


def handed_over_on_tuesday(lending: Lending) -> Loan:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    lending.clock.advance(days=1)
    return lending.hand_over(loan.id)


def told_for_monday(lending: Lending, loan: Loan) -> Loan:
    return lending.do(
        loans.handed_over_earlier,
        loan.id,
        handed_to=HandedTo.CARER,
        role=Role.COURIER,
        client_at=lending.clock() - timedelta(days=1),
    )


def test_an_earlier_hand_over_moves_the_start_and_the_due_date(lending: Lending) -> None:
    loan = handed_over_on_tuesday(lending)
    assert (loan.started_on, loan.due_on) == (TUESDAY, date(2026, 6, 30))
    again = told_for_monday(lending, loan)
    assert (again.started_on, again.due_on, again.original_due_on) == (MONDAY, date(2026, 6, 29), date(2026, 6, 29))
    assert (again.handed_to, again.state) == (HandedTo.CARER, LoanState.ACTIVE)


def test_an_earlier_hand_over_leaves_the_day_that_an_extension_gave_and_uses_up_none(lending: Lending) -> None:
    loan = handed_over_on_tuesday(lending)
    extended = lending.do(loans.extend, loan.id, reason="Still joining in").due_on
    again = told_for_monday(lending, loan)
    assert (again.due_on, again.original_due_on) == (extended, date(2026, 6, 29))
    lending.do(loans.extend, loan.id, reason="Still joining in")
    with lending.database.read() as session:
        assert queries.count_extensions(session, loan.id) == 2


def test_an_earlier_taking_back_stops_the_clock_earlier_until_the_tablet_was_inspected(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.RETURN_ARRANGED)
    tablet_id = lending.tablet_id(loan.id)
    yesterday = lending.clock()
    lending.clock.advance(days=1)
    lending.do(loans.hand_in, loan.id, tablet_id=tablet_id, role=Role.TECHNICIAN)
    told: dict[str, Any] = {"role": Role.COURIER, "client_at": yesterday}
    again = lending.do(loans.taken_back_earlier, loan.id, condition=loans.Condition.WORN, **told)
    assert (again.returned_on, again.condition, again.state) == (MONDAY, "worn", LoanState.COLLECTED)
    lending.inspect(tablet_id)
    closed = lending.do(loans.taken_back_earlier, loan.id, condition=loans.Condition.DAMAGED, **told)
    assert (closed.condition, closed.state) == ("good", LoanState.CLOSED_RETURNED)


def test_a_loan_never_counts_fewer_attempts_than_it_knew_of(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    counted = [lending.do(loans.attempts_told, loan.id, told, role=Role.COURIER).attempts for told in (2, 1, 3)]
    assert counted == [2, 2, 3]


def test_the_hubs_own_scan_of_a_tablet_on_its_way_is_an_attempt_that_failed(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    back = lending.do(loans.scan_in, tablet_id=lending.tablet_id(loan.id), role=Role.TECHNICIAN)
    assert back is not None
    assert (back.state, back.attempts) == (LoanState.ALLOCATED, 1)
