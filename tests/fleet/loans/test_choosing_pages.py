"""The page where a tablet and a SIM are chosen says what fits, and why others are not offered."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from fleet.home.lending_day import coordinator_day
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.people.rules import NeedCode
from fleet.planning import queries as planning
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE
Browsers = Callable[..., Browser]


def old_tablet(lending: Lending) -> Tablet:
    return lending.tablet(Stage.READY, verified_at=lending.clock() - timedelta(days=15))


def needs_it_aloud(lending: Lending) -> Loan:
    person = lending.person(needs=frozenset({NeedCode.SCREEN_READER}), language_read="ur")
    return lending.loan_at(LoanState.APPROVED, person=person)


def test_a_tablet_that_lacks_something_is_not_chosen_beforehand_and_can_be_had_made(
    lending: Lending, browser_as: Browsers
) -> None:
    loan, clear, _ = needs_it_aloud(lending), lending.tablet(Stage.READY, profile="large-clear"), lending.sim()
    browser, path = browser_as(Role.COORDINATOR), f"/loans/{loan.id}/allocate"
    page = browser.get(path).text
    assert "not as they need it: it speaks English, they read Urdu; no screen reader" in page
    assert "No tablet that stands ready is as they need it" in page
    assert re.findall(r'name="(\w+)" type="radio" value="\d*" checked', page) == ["sim_id"]
    assert f'href="/loans/{loan.id}/gatherings"' in page
    assert browser.submit(path, {"tablet_id": str(clear.id), "act": "make"}).headers["location"] == path
    assert lending.read(queries.set_up_tablet_id, loan.id) == clear.id
    assert lending.read(loans.made_for, clear.id).language == "ur"
    page = browser.get(path).text
    assert "One is being made for them" in page
    assert "No tablet stands ready" in page


def test_tablets_verified_too_long_ago_are_named_where_they_are_not_offered(
    lending: Lending, browser_as: Browsers
) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    old_tablet(lending)
    lending.sim()
    browser = browser_as(Role.COORDINATOR)
    page = browser.get(f"/loans/{loan.id}/allocate").text
    assert "1 tablet stands ready, but was verified more than 14 days ago: " in page
    assert "No tablet stands ready" not in page
    assert 'href="/bench"' in page
    with lending.database.read() as session:
        since = tablets.fresh_since(lending.settings, lending.clock())
        stages = planning.tablets_by_stage(session, lending.hub_id, with_virtual=True, fresh_since=since)
        day = coordinator_day(session, lending.settings, lending.actor(Role.COORDINATOR), now=lending.clock())
    assert stages == {Stage.PROVISIONED: 1}
    assert [each.value for each in day.numbers if "ready" in each.label] == [0]
    assert any("1 ready, but verified too long ago" in line.title for line in day.sections[0].lines)


def test_a_sim_without_data_is_left_out_where_data_is_needed(lending: Lending, browser_as: Browsers) -> None:
    loan = lending.loan_at(LoanState.APPROVED, lending.programme(bundle_required=True))
    lending.tablet()
    empty = lending.sim(months=None)
    path = f"/loans/{loan.id}/allocate"
    page = browser_as(Role.COORDINATOR).get(path).text
    assert "no SIM in stock carries any" in page
    good = lending.sim()
    page = browser_as(Role.COORDINATOR).get(path).text
    assert empty.iccid[-5:] not in page
    assert good.iccid[-5:] in page
    assert "1 SIM is left out: no data that lasts." in page
