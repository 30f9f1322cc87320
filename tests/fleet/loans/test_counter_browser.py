"""A swap at the hub's counter in a real browser, with a barcode scanner that types."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.tags import service as tags
from fleet.users.rules import Role
from tests.browser import served, type_keys
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

pytestmark = [pytest.mark.browser, ON_SQLITE]

SCANNER_MS = 5


def test_two_scans_fill_the_two_labels_wherever_the_focus_is(
    app: FastAPI, window: Page, lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    loan, other = lending.loan_at(LoanState.ACTIVE), lending.tablet().id
    lending.do(loans.arrange_swap, loan.id, tablet_id=other, reason="Its screen is cracked")
    own = lending.tablet_id(loan.id)
    with lending.database.write() as session:
        tags.make_tags(session, [own, other], actor=lending.actor(Role.TECHNICIAN), happening=lending.happening())
        codes = tags.codes_of(session, [own, other])
    with served(app) as where:
        for name, value in browser_as(Role.COORDINATOR).cookies.items():
            window.context.add_cookies([{"name": name, "value": value, "url": where}])
        window.goto(f"{where}/loans/{loan.id}/swap/at-hub")
        window.wait_for_load_state()
        first, second = window.get_by_label("First the one that comes back"), window.get_by_label("Then the one that")
        expect(first).to_be_focused()
        type_keys(window, f"HTTPS://T.EXAMPLE/T/{codes[own]}", apart_ms=SCANNER_MS)
        expect(second).to_be_focused()
        window.get_by_label("A carer").check()
        type_keys(window, codes[other], apart_ms=SCANNER_MS)
        expect(second).to_have_value(codes[other])
        window.get_by_label("In the one that stays").check()
        window.get_by_role("button", name="Swap them").click()
        expect(window.get_by_text(f"Swapped. {codes[other]} is theirs until")).to_be_visible()
        window.goto("about:blank")
    assert lending.tablet_id(loan.id) == other
