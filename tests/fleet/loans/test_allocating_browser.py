"""A tablet is kept for somebody from the coordinator's list by the keyboard alone, in a few keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.browser import served
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

pytestmark = [pytest.mark.browser, ON_SQLITE]

ALLOCATION_KEYSTROKES = 6


def test_an_allocation_takes_at_most_six_keystrokes_from_the_list(
    app: FastAPI, window: Page, lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    loan = lending.loan_at(LoanState.APPROVED)
    tablet, sim = lending.tablet(), lending.sim()
    pressed = 0

    def press(key: str) -> None:
        """Once the page's letters are awake, which its own button for them shows."""
        nonlocal pressed
        expect(window.locator("[data-keys-open]").first).to_be_visible()
        pressed += 1
        window.keyboard.press(key)

    with served(app) as where:
        for name, value in browser_as(Role.COORDINATOR).cookies.items():
            window.context.add_cookies([{"name": name, "value": value, "url": where}])
        window.goto(f"{where}/loans?state=approved")
        window.wait_for_load_state()
        press("j")
        expect(window.get_by_role("link", name=str(loan.id), exact=True)).to_be_focused()
        press("Enter")
        window.wait_for_url(f"{where}/loans/{loan.id}")
        press("a")
        window.wait_for_url(f"{where}/loans/{loan.id}/allocate")
        press("t")
        expect(window.get_by_text("The tablet is kept for this loan.")).to_be_visible()
        window.goto("about:blank")
    assert pressed <= ALLOCATION_KEYSTROKES
    assert lending.read(loans.get_loan, loan.id).state is LoanState.ALLOCATED
    assert lending.tablet_id(loan.id) == tablet.id
    card = lending.read(loans.open_sim, loan.id)
    assert card is not None
    assert card.sim_id == sim.id
