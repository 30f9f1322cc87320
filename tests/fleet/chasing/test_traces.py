"""What the page of a search shows of a tablet that is said to be back: its shelf, its last scan, its last use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from fleet.bench.models import Bench, Slot
from fleet.bundles import service as bundles
from fleet.chasing import service
from fleet.chasing.rules.traces import Use, Used, last_use
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_last_moment import claims_returned
from tests.fleet.desk.conftest import AtTheDesk
from tests.people import Browser

DUE = date(2026, 6, 29)
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("readings", "use"),
    [
        ((), None),
        ((Used(date(2026, 6, 3), JUNE, 0),), None),
        ((Used(date(2026, 6, 3), JUNE, 5),), Use(date(2026, 6, 3), None)),
        (
            (Used(date(2026, 6, 3), JUNE, 5), Used(date(2026, 6, 9), JUNE, 5), Used(date(2026, 7, 3), JULY, 0)),
            Use(date(2026, 6, 3), None),
        ),
        (
            (Used(date(2026, 6, 3), JUNE, 5), Used(date(2026, 7, 3), JULY, 1)),
            Use(date(2026, 7, 3), date(2026, 6, 3)),
        ),
    ],
)
def test_the_last_use_of_data_lies_between_two_readings(readings: Sequence[Used], use: Use | None) -> None:
    assert last_use(readings) == use


def seen(chasing: Chasing, loan: Loan) -> service.Traces:
    with chasing.database.read() as session:
        claim = loans.open_claim(session, loan.id)
        assert claim is not None
        return service.traces(session, claim)


def used(chasing: Chasing, loan: Loan, on: date, megabytes: int) -> None:
    with chasing.database.write() as session:
        link = loans.open_sim(session, loan.id)
        assert link is not None
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        bundles.record_usage(session, link.sim_id, used_mb=megabytes, on=on, actor=actor, happening=happening)


@ON_SQLITE
def test_a_search_knows_the_shelf_the_last_scan_and_the_last_use_of_data(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    lending = chasing.lending
    desk = AtTheDesk(lending, Delivering(lending), lending.actor(Role.TECHNICIAN))
    loan = lending.loan_at(LoanState.ALLOCATED, due_on=DUE)
    code = desk.delivering.code(lending.tablet_id(loan.id))
    chasing.clock.advance(minutes=1)
    desk.scan("DESK-PUT-AWAY", desk.label(desk.shelf("A1")), code)
    chasing.clock.advance(minutes=1)
    lending.step(loan.id, LoanState.OUT_FOR_DELIVERY)
    lending.step(loan.id, LoanState.ACTIVE)
    chasing.at(date(2026, 6, 22))
    used(chasing, loan, date(2026, 6, 20), 300)
    claims_returned(chasing, loan)
    known = seen(chasing, loan)
    assert known.shelf == "A1 until it went out, put there on Monday 1 June 2026"
    assert known.scan == f"Put away at the desk, A1, Monday 1 June 2026, by {desk.actor.name}"
    assert known.sign_of_life == "Its data was used by Saturday 20 June 2026"
    assert known.doubt == ""
    chasing.at(date(2026, 6, 26))
    for day, megabytes in ((date(2026, 6, 23), 310), (date(2026, 6, 25), 420)):
        used(chasing, loan, day, megabytes)
    page = browser_as(Role.COORDINATOR).get(f"/chasing/loans/{loan.id}/search").text
    assert "Its data was used by Thursday 25 June 2026, after Tuesday 23 June 2026" in page
    assert "Perhaps they have it still; ask kindly." in page
    desk.scan(code)
    page = browser_as(Role.COORDINATOR).get(f"/chasing/loans/{loan.id}/search").text
    assert "It was scanned since they said so: looked up at the desk, Friday 26 June 2026" in page


@ON_SQLITE
def test_a_tablet_that_is_plugged_in_at_a_bench_is_found_by_its_search(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    claims_returned(chasing, loan)
    with chasing.database.write() as session:
        bench = Bench(hub_id=loan.hub_id, name="Sample bench", created_at=chasing.clock())
        session.add(bench)
        session.flush()
        place = {"place": "1-1.2", "address": "sample:1-1.2", "seen_at": chasing.clock()}
        session.add(Slot(bench_id=bench.id, tablet_id=chasing.lending.tablet_id(loan.id), **place))
    known = seen(chasing, loan)
    assert known.sign_of_life == "It is plugged in on bench Sample bench, 1-1.2, seen on Monday 29 June 2026"
    assert known.doubt.startswith("It is plugged in on bench Sample bench")
