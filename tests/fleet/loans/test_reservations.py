"""A tablet kept for a loan that never goes out comes back to stock, once, and the loan waits for another."""

from __future__ import annotations

import threading

from fleet.database.session import Database
from fleet.jobs.service import JobContext
from fleet.loans import queries, service
from fleet.loans.rules import LoanState
from fleet.loans.service.lending.reservations import reservations_handler
from fleet.settings import Settings
from fleet.tablets.rules import Stage
from fleet.tablets.service import get_tablet
from tests.lending import Lending
from tests.people import FakeClock


def release(database: Database, settings: Settings, clock: FakeClock) -> None:
    context = JobContext(database, clock, 1, {}, "worker", lambda _: None, threading.Event())
    reservations_handler(settings)(context)


def test_a_reservation_nobody_packed_is_released_after_the_days_in_the_settings(
    database: Database, settings: Settings, clock: FakeClock, lending: Lending
) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    with database.read() as session:
        tablet = queries.open_tablet(session, loan.id)
        assert tablet is not None
    clock.advance(days=settings.reservation_days - 1)
    release(database, settings, clock)
    with database.read() as session:
        assert service.get_loan(session, loan.id).state is LoanState.ALLOCATED
    clock.advance(days=2)
    release(database, settings, clock)
    with database.read() as session:
        assert service.get_loan(session, loan.id).state is LoanState.APPROVED
        assert get_tablet(session, tablet.id).stage is Stage.READY
        told = queries.events(session, loan.id)[0]
    assert "Not packed within 7 days" in told.reason
    assert told.role == "system"


def test_a_loan_that_is_on_its_way_keeps_its_tablet(
    database: Database, settings: Settings, clock: FakeClock, lending: Lending
) -> None:
    loan = lending.loan_at(LoanState.OUT_FOR_DELIVERY)
    clock.advance(days=30)
    release(database, settings, clock)
    with database.read() as session:
        assert service.get_loan(session, loan.id).state is LoanState.OUT_FOR_DELIVERY
