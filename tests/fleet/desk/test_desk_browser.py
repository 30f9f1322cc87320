"""The desk in a real browser: cards and tablets one after the other, heard and seen, with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.browser import DESKTOP, PHONE, ZOOMED, axe, served, sideways_scroll, type_keys
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.desk.conftest import AtTheDesk
from tests.people import Browser

pytestmark = [pytest.mark.browser, ON_SQLITE]


@pytest.fixture
def base(app: FastAPI, window: Page, desk: AtTheDesk, browser_as: Callable[..., Browser]) -> Iterator[str]:
    """Where the app is served, with a technician signed in at the window."""
    with served(app) as where:
        for name, value in browser_as(Role.TECHNICIAN).cookies.items():
            window.context.add_cookies([{"name": name, "value": value, "url": where}])
        yield where
        window.goto("about:blank")


def test_a_card_scanned_anywhere_opens_the_desk_and_the_scanner_does_the_rest(
    desk: AtTheDesk, window: Page, base: str
) -> None:
    tablet, code = desk.tablet(Stage.RETURNED)
    shelf = desk.shelf("A1")
    window.goto(f"{base}/account")
    window.wait_for_load_state()
    type_keys(window, "DESK-PUT-AWAY", apart_ms=5)
    window.wait_for_url(f"{base}/desk")
    said, mode = window.locator(".scanned__said"), window.locator("#desk-mode")
    expect(mode).to_contain_text("puts a tablet away")
    expect(mode).to_contain_text("ends by itself at")
    for scanned, answer, sound in (
        (desk.label(shelf), "Shelf A1.", "ready"),
        (f"HTTPS://T.EXAMPLE/T/{code}", f"{code} lies on A1.", "ready"),
        (code, f"{code} lies on A1 already.", "already"),
        ("NOTHING-OF-OURS", "no label of ours", "refused"),
        ("DESK-CHECK-KIT", "Check kit.", "ready"),
    ):
        window.locator("h1").click()
        type_keys(window, scanned, apart_ms=5)
        expect(said).to_contain_text(answer)
        expect(window.locator(".scanned")).to_have_attribute("data-sound", sound)
        expect(window.get_by_label("Scan a tablet, a shelf or a card")).to_be_focused()
    window.get_by_label("Charger").check()
    window.get_by_label("Scan a tablet, a shelf or a card").focus()
    type_keys(window, code, apart_ms=5)
    expect(said).to_contain_text("missing charger")
    expect(window.get_by_label("Charger")).not_to_be_checked()
    expect(window.locator("#desk-done li")).to_have_count(4)
    for size in (PHONE, ZOOMED, DESKTOP):
        window.set_viewport_size(size)
        assert sideways_scroll(window) == 0
    assert axe(window) == []
    window.keyboard.press("Escape")
    expect(mode).to_contain_text("finds a tablet")
    expect(mode).not_to_contain_text("ends by itself")
    assert desk.lies_on(tablet.id) == shelf.id


def test_the_desk_works_without_scripts(desk: AtTheDesk, browser_as: Callable[..., Browser]) -> None:
    _, code = desk.tablet(Stage.IN_TRANSIT_BACK)
    browser = browser_as(Role.TECHNICIAN)
    browser.submit("/desk/scan", {"scan": "DESK-RECEIVE"})
    assert browser.submit("/desk/scan", {"scan": code}).headers["location"] == "/desk"
    page = browser.get("/desk").text
    assert f"Done: {code} is back." in page
    assert "takes a tablet in" in page
    assert "DESK-RECEIVE" in browser.get("/desk/cards").text
