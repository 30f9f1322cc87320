"""A loan of which all contact was stopped: nobody calls it late, and whoever fetches its tablet finds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, StopReason
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE
Browsers = Callable[..., Browser]
DUE = date(2026, 6, 24)
LONG_AFTER = datetime(2026, 7, 29, 10, tzinfo=UTC)


def stopped(lending: Lending, why: StopReason = StopReason.WITHDREW, **asked: Any) -> Loan:
    """A loan that would be weeks late, of somebody whose contact was stopped."""
    loan = lending.loan_at(LoanState.ACTIVE, due_on=DUE, **asked)
    lending.do(loans.stop_contact, loan.id, why)
    return loan


@pytest.mark.parametrize("why", [StopReason.DIED, StopReason.WITHDREW])
def test_no_page_calls_it_late(browser_as: Browsers, lending: Lending, why: StopReason) -> None:
    loan = stopped(lending, why)
    lending.clock.now = LONG_AFTER
    coordinator = browser_as(Role.COORDINATOR)
    for path in (f"/loans/{loan.id}", "/loans", f"/loans/{loan.id}/lost"):
        page = coordinator.get(path).text
        assert "days late" not in page, path
    assert "Due Wednesday 24 June 2026" in coordinator.get(f"/loans/{loan.id}").text
