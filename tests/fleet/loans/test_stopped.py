"""A loan of which all contact was stopped: nobody calls it late, and whoever fetches its tablet finds it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState, StopReason
from fleet.partners.models import Organisation, OrganisationKind
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


@pytest.mark.parametrize("stops", [True, False])
def test_what_was_on_its_way_to_them_is_kept_for_nobody(browser_as: Browsers, lending: Lending, *, stops: bool) -> None:
    loan, technician = lending.loan_at(LoanState.OUT_FOR_DELIVERY), browser_as(Role.TECHNICIAN)
    tablet_id = lending.tablet_id(loan.id)
    if stops:
        lending.do(loans.stop_contact, loan.id, StopReason.DIED)
    answer = technician.submit("/returns", {"label": str(tablet_id)})
    page = technician.get(answer.headers["location"]).text
    assert ("It stays kept for its loan" in page) is not stops
    assert ("nobody waits for it, so put it away." in page) is stops


def test_it_is_found_where_work_is_looked_for_until_the_tablet_is_back(browser_as: Browsers, lending: Lending) -> None:
    out, arranged, back = (stopped(lending) for _ in range(3))
    others = [lending.loan_at(LoanState.ACTIVE), lending.loan_at(LoanState.APPROVED)]
    lending.do(loans.stop_contact, others[1].id, StopReason.WITHDREW)
    lending.do(loans.arrange_return, arranged.id)
    coordinator = browser_as(Role.COORDINATOR)
    assert "fetched when it suits those who are there: 3" in coordinator.get("/chasing").text
    lending.do(loans.scan_in, tablet_id=lending.tablet_id(back.id), role=Role.TECHNICIAN)
    for path, words in (
        ("/", "2 to be fetched when it suits those who are there"),
        ("/chasing", "To be fetched when it suits those who are there: 2"),
    ):
        page = coordinator.get(path).text
        assert words in page, path
        assert 'href="/loans?stopped=yes"' in page, path
    page = coordinator.get("/loans?stopped=yes").text
    listed = [f'href="/loans/{loan.id}"' in page for loan in (out, arranged, back, *others)]
    assert listed == [True, True, False, False, False]
    assert "Return arranged" in page
    program = coordinator.get("/api/v1/loans?stopped=yes").json()
    assert sorted(each["id"] for each in program["items"]) == [out.id, arranged.id]


def test_nothing_is_said_of_it_where_there_is_none(browser_as: Browsers, lending: Lending) -> None:
    lending.loan_at(LoanState.ACTIVE)
    coordinator = browser_as(Role.COORDINATOR)
    for path in ("/", "/chasing"):
        assert "when it suits" not in coordinator.get(path).text, path


def test_list_and_page_say_who_could_be_rung(browser_as: Browsers, lending: Lending) -> None:
    practice = referrer(lending)
    referred = stopped(lending, person=lending.person(referrer_id=practice.id))
    alone = stopped(lending)
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.get("/loans?stopped=yes").text
    assert "referred by Sample Practice, 020 7946 0111" in page
    assert "nobody referred them" in page
    assert "Sample Practice, 020 7946 0111" in coordinator.get(f"/loans/{referred.id}").text
    assert "Sample Practice" not in coordinator.get(f"/loans/{alone.id}").text


def test_a_referrer_does_not_learn_by_a_filter_whose_contact_was_stopped(
    browser_as: Browsers, lending: Lending
) -> None:
    practice = referrer(lending)
    loan = stopped(lending, referrer_id=practice.id)
    other = lending.request(referrer_id=practice.id)
    browser = browser_as(Role.REFERRER, organisation_id=practice.id)
    assert browser.get("/api/v1/requests?stopped=yes").status_code == 422
    page = browser.get("/requests?stopped=yes").text
    assert all(f">{each.id}<" in page for each in (loan, other))


def referrer(lending: Lending) -> Organisation:
    with lending.database.write() as session:
        made = Organisation(
            kind=OrganisationKind.REFERRER,
            name="Sample Practice",
            help_phone="020 7946 0111",
            covers=[],
            created_at=lending.clock(),
        )
        session.add(made)
    return made
