"""A hand-over that never was, to somebody of whom the hub heard meanwhile that all is to stop (rules R12 and R15)."""

from __future__ import annotations

from collections.abc import Callable

from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.tablets import service as tablets
from fleet.tablets.rules import DataState, Stage
from fleet.tags import service as tags
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE


def page_after(lending: Lending, loan: Loan, browser: Browser) -> str:
    """What the loan's page says once its hand-over was taken back there."""
    tablet_id, technician = lending.tablet_id(loan.id), lending.actor(Role.TECHNICIAN)
    with lending.database.write() as session:
        tags.make_tags(session, [tablet_id], actor=technician, happening=lending.happening())
        code = tags.codes_of(session, [tablet_id])[tablet_id]
    given = {"code": code, "reason": "Pressed by mistake", "nobody_had_it": "yes"}
    assert browser.submit(f"/loans/{loan.id}/not-handed-over", given).status_code == 303
    return browser.get(f"/loans/{loan.id}").text


def test_at_the_hub_nothing_is_kept_for_somebody_who_died_meanwhile(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    loan = lending.loan_at(LoanState.ALLOCATED)
    tablet_id = lending.tablet_id(loan.id)
    lending.hand_over(loan.id, role=Role.COORDINATOR)
    lending.do(loans.stop_for_death, loan.id)
    assert "is at the hub and in stock again" in page_after(lending, loan, browser_as(Role.COORDINATOR))
    assert lending.read(loans.get_loan, loan.id).state is LoanState.CANCELLED
    tablet = lending.read(tablets.get_tablet, tablet_id)
    assert (tablet.stage, tablet.data) == (Stage.READY, DataState.CLEAN)


def test_a_courier_brings_back_what_somebody_who_died_did_not_get(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.do(loans.stop_for_death, loan.id)
    page = page_after(lending, loan, browser_as(Role.COORDINATOR))
    assert "is with the courier, who is to bring it to the hub" in page
