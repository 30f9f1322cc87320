"""A barcode scanner on any page, in a real browser: what it types is a scan, and what a person types is theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from fleet.database.session import Database
from fleet.happening import Happening
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tags.rules import shown
from fleet.tags.service import make_tags
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.browser import DESKTOP, NARROWEST, axe, served, sideways_scroll, type_keys
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser, FakeClock

pytestmark = [pytest.mark.browser, ON_SQLITE]

SCANNER_MS = 5
PERSON_MS = 120
UNKNOWN = "K7F3-QX"


@dataclass
class Desk:
    """A served hub with somebody signed in at the window, and a tablet with a label."""

    base: str
    window: Page
    tablet: Tablet
    code: str

    def open(self, path: str) -> None:
        self.window.goto(self.base + path)
        expect(self.window.locator("html")).to_have_attribute("class", "govuk-template")
        self.window.wait_for_load_state()

    def scan(self, text: str) -> None:
        type_keys(self.window, text, apart_ms=SCANNER_MS)

    @property
    def path(self) -> str:
        return self.window.url.removeprefix(self.base)


@pytest.fixture
def desk(
    app: FastAPI,
    window: Page,
    database: Database,
    clock: FakeClock,
    stock: Callable[..., Tablet],
    actor: Callable[..., Actor],
    browser_as: Callable[..., Browser],
) -> Iterator[Desk]:
    tablet = stock(Stage.RETURNED)
    with database.write() as session:
        tag = make_tags(session, [tablet.id], actor=actor(Role.TECHNICIAN), happening=Happening(clock()))[0]
    with served(app) as where:
        for name, value in browser_as(Role.TECHNICIAN).cookies.items():
            window.context.add_cookies([{"name": name, "value": value, "url": where}])
        yield Desk(where, window, tablet, shown(tag.code))
        window.goto("about:blank")


def test_a_scan_opens_the_tablet_from_a_page_that_knows_nothing_of_scanning(desk: Desk) -> None:
    for text in (f"HTTPS://T.EXAMPLE/T/{desk.code}", desk.code.lower(), desk.tablet.serial):
        desk.open("/account")
        desk.scan(text)
        desk.window.wait_for_url(f"**/tablets/{desk.tablet.id}")


def test_a_scan_of_nothing_of_ours_says_so_in_large_words_until_it_is_put_away(desk: Desk) -> None:
    desk.open("/account")
    desk.scan(UNKNOWN)
    said = desk.window.locator("#scan-said")
    expect(said).to_contain_text("it is not one of our labels")
    for size in (NARROWEST, DESKTOP):
        desk.window.set_viewport_size(size)
        assert axe(desk.window) == []
        assert sideways_scroll(desk.window) == 0
    desk.window.keyboard.press("Escape")
    expect(said).to_be_empty()
    desk.scan("SOMETHING-ELSE")
    expect(said).to_contain_text("no label of ours")
    assert desk.path == "/account"


def test_what_a_person_types_is_never_taken_for_a_scan(desk: Desk) -> None:
    desk.open("/tablets")
    field = desk.window.get_by_label("Serial or model")
    field.focus()
    type_keys(desk.window, desk.code, apart_ms=PERSON_MS)
    desk.window.wait_for_url(f"**/tablets?q={desk.code}*")
    desk.open("/account")
    type_keys(desk.window, desk.code, apart_ms=PERSON_MS)
    expect(desk.window.locator("#scan-said")).to_be_empty()
    assert desk.path == "/account"


def test_a_field_keeps_the_text_of_the_person_and_a_fast_hand_sends_its_form(desk: Desk) -> None:
    desk.open("/tablets")
    field = desk.window.get_by_label("Serial or model")
    field.fill("Galaxy")
    desk.scan(UNKNOWN)
    expect(desk.window.locator("#scan-said")).to_contain_text("it is not one of our labels")
    expect(field).to_have_value("Galaxy")
    assert desk.path == "/tablets"
    desk.scan(desk.code)
    desk.window.wait_for_url(f"**/tablets/{desk.tablet.id}")
    desk.open("/tablets")
    field.focus()
    desk.scan("Galaxy")
    desk.window.wait_for_url("**/tablets?q=Galaxy*")


def test_a_scan_line_of_the_page_answers_and_no_button_is_pressed_that_has_the_focus(desk: Desk) -> None:
    desk.open("/returns")
    desk.window.locator("h1").click()
    desk.scan(UNKNOWN)
    expect(desk.window.get_by_label("Scan the label")).to_have_value(UNKNOWN)
    expect(desk.window.get_by_role("alert")).to_be_visible()
    assert desk.path == "/returns"
    desk.open("/account")
    desk.window.get_by_role("button", name="Sign out").focus()
    desk.scan(UNKNOWN)
    expect(desk.window.locator("#scan-said")).to_contain_text("it is not one of our labels")
    assert desk.path == "/account"


def test_letter_keys_do_their_work_beside_the_scanner_and_sounds_can_be_muted_by_keyboard(desk: Desk) -> None:
    desk.window.add_init_script(
        "window.sounded = 0; const Real = AudioContext;"
        "window.AudioContext = class extends Real { constructor() { super(); window.sounded += 1; } };"
    )
    desk.open("/tablets")
    desk.scan(UNKNOWN)
    expect(desk.window.locator("#scan-said")).to_contain_text("it is not one of our labels")
    assert desk.window.evaluate("window.sounded") == 1
    desk.window.keyboard.press("j")
    expect(desk.window.locator("[data-row] a").first).to_be_focused()
    desk.window.keyboard.press("?")
    sounds = desk.window.get_by_label("Sounds are on")
    expect(sounds).to_be_visible()
    sounds.focus()
    desk.window.keyboard.press("Space")
    expect(sounds).not_to_be_checked()
    desk.window.keyboard.press("Escape")
    desk.scan("SOMETHING-ELSE")
    expect(desk.window.locator("#scan-said")).to_contain_text("no label of ours")
    assert desk.window.evaluate("window.sounded") == 1
