"""A tablet that is said to be back is looked for until a day; then it stands in the coordinator's day until it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from fleet.chasing import service
from fleet.chasing.rules import CallOutcome, HoldReason
from fleet.chasing.service import Show
from fleet.errors import Conflict
from fleet.loans import service as loans
from fleet.loans.rules import ClaimOutcome
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_day import listed
from tests.fleet.chasing.test_last_moment import claims_returned
from tests.people import Browser

pytestmark = ON_SQLITE

DUE = date(2026, 6, 29)


def test_how_a_search_ended_is_a_record_and_lets_reminders_go_on(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    claims_returned(chasing, loan)
    hold = chasing.hold(loan, HoldReason.SAYS_GIVEN_BACK, until=date(2026, 7, 8))
    with pytest.raises(Conflict):
        chasing.lift(hold)
    assert chasing.tick().sent == 0
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        service.end_search(session, loan.id, ClaimOutcome.WITH_THEM, actor=actor, happening=happening)
    (claim,) = chasing.lending.read(loans.claims_of, loan.id)
    assert (claim.outcome, claim.search_until) == (ClaimOutcome.WITH_THEM, date(2026, 7, 8))
    assert chasing.tick().sent == 1


def test_a_search_stands_in_the_day_when_its_limit_has_come_however_late_the_loan_is_due(chasing: Chasing) -> None:
    soon, far = chasing.loan(DUE), chasing.loan(date(2026, 8, 31))
    chasing.at(date(2026, 6, 22))
    for loan in (soon, far):
        claims_returned(chasing, loan)
    chasing.at(date(2026, 7, 5))
    assert listed(chasing, Show.SEARCHES) == []
    chasing.at(date(2026, 7, 6))
    assert sorted(listed(chasing, Show.SEARCHES)) == [soon.id, far.id]
    chasing.lending.do(loans.scan_in, tablet_id=chasing.lending.tablet_id(far.id), role=Role.TECHNICIAN)
    assert listed(chasing, Show.SEARCHES) == [soon.id]


def test_the_page_says_where_to_look_and_until_when_and_ends_the_search(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(date(2026, 6, 22))
    coordinator = browser_as(Role.COORDINATOR)
    coordinator.submit(f"/chasing/loans/{loan.id}/calls", {"reason": CallOutcome.SAYS_GIVEN_BACK.value})
    assert "It is looked for until Monday 6 July 2026." in coordinator.get(f"/loans/{loan.id}").text
    assert "looked for until 6 July" in coordinator.get("/chasing").text
    assert f"/chasing/loans/{loan.id}/search" in coordinator.get(f"/chasing/loans/{loan.id}").text
    page = coordinator.get(f"/chasing/loans/{loan.id}/search").text
    assert "Monday 6 July 2026" in page
    assert "Handed over at the door, Monday 1 June 2026" in page
    assert "came_on=2026-06-22" in page
    chasing.at(date(2026, 7, 6))
    coordinator = browser_as(Role.COORDINATOR)
    assert "Searches to end: 1" in coordinator.get("/chasing").text
    where = f"/chasing/loans/{loan.id}/search"
    assert "Choose how it ended." in coordinator.submit(where, {"outcome": ""}).text
    assert coordinator.submit(where, {"outcome": "with_them", "note": "Behind the sofa"}).status_code == 303
    after = coordinator.get(where).text
    assert "Nobody looks for this tablet." in after
    assert "They have it still, Monday 6 July 2026" in after
