"""The gallery in a real browser: what axe finds, whether it fits, and whether a keyboard can do it all."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser import DESKTOP, NARROWEST, PHONE, ZOOMED, axe, sideways_scroll, tab_stops

pytestmark = pytest.mark.browser

PRESSABLE = """() => {
    const radios = new Set();
    const all = document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select, textarea');
    return [...all].filter(e => {
        if (!e.checkVisibility({visibilityProperty: true}) || e.disabled) return false;
        if (e.type !== 'radio') return true;
        const first = !radios.has(e.name);
        radios.add(e.name);
        return first;
    }).length;
}"""
"""How many things on a page can be pressed or filled in; the answers to one question are one Tab stop."""

PAGES = ("tablet", "list", "empty", "form", "wall", "phone", "stop", "refused")


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(same_window: Page, gallery: str, name: str) -> None:
    same_window.goto(f"{gallery}/{name}")
    assert axe(same_window) == []
    same_window.set_viewport_size(PHONE)
    same_window.evaluate(
        "document.querySelectorAll('details').forEach(e => { e.removeAttribute('name'); e.open = true; })"
    )
    assert axe(same_window) == []


@pytest.mark.parametrize("direction", ["", "rtl"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_never_scrolls_sideways(same_window: Page, gallery: str, name: str, direction: str) -> None:
    same_window.goto(f"{gallery}/{name}?direction={direction}")
    for size in (NARROWEST, ZOOMED):
        same_window.set_viewport_size(size)
        assert sideways_scroll(same_window) == 0


def test_a_long_unbroken_word_does_not_widen_a_phone(same_window: Page, gallery: str) -> None:
    same_window.set_viewport_size(NARROWEST)
    same_window.goto(f"{gallery}/list")
    word = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz"
    same_window.evaluate(
        "word => document.querySelectorAll('h1, td .table__value, .stat__label').forEach(e => e.textContent = word)",
        word,
    )
    assert sideways_scroll(same_window) == 0


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_that_can_be_pressed_and_shows_where_it_is(
    same_window: Page, gallery: str, name: str
) -> None:
    same_window.goto(f"{gallery}/{name}")
    stops = tab_stops(same_window)
    assert len(stops) == same_window.evaluate(PRESSABLE) > 3
    assert [stop for stop in stops if not (stop.ringed and stop.in_sight)] == []


@pytest.mark.parametrize(("name", "least"), [("list", 44), ("tablet", 44), ("phone", 64), ("stop", 64)])
def test_what_is_pressed_is_large_enough(same_window: Page, gallery: str, name: str, least: int) -> None:
    same_window.set_viewport_size(PHONE)
    same_window.goto(f"{gallery}/{name}")
    small = same_window.evaluate(
        """least => [...document.querySelectorAll(
            '.button, button, summary:not(.raw summary), select, .stop, .big-tick'
        )].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least - 0.5)
        .map(e => e.outerHTML.slice(0, 90))""",
        least,
    )
    assert small == []


def test_no_text_is_smaller_than_sixteen_pixels(same_window: Page, gallery: str) -> None:
    for size in (DESKTOP, PHONE):
        same_window.set_viewport_size(size)
        for name in PAGES:
            same_window.goto(f"{gallery}/{name}")
            small = same_window.evaluate(
                """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() &&
                [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
                parseFloat(getComputedStyle(e).fontSize) < 15.99).map(e => e.outerHTML.slice(0, 90))"""
            )
            assert small == [], name


def test_on_paper_a_list_is_a_table_with_nothing_to_press(same_window: Page, gallery: str) -> None:
    same_window.set_viewport_size({"width": 800, "height": 1100})
    same_window.goto(f"{gallery}/list")
    same_window.emulate_media(media="print")
    assert same_window.locator("thead").is_visible()
    assert same_window.locator("thead").bounding_box() is not None
    assert same_window.locator("tbody tr").first.evaluate("e => getComputedStyle(e).display") == "table-row"
    assert not same_window.locator(".filters").is_visible()
    assert same_window.locator("a.button:visible, button:visible").count() == 0


def test_a_page_works_with_scripts_switched_off(same_window: Page, gallery: str) -> None:
    assert same_window.context.browser is not None
    context = same_window.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery}/tablet")
    page.locator("summary", has_text="Recycle it").click()
    assert page.get_by_text("This cannot be taken back.").is_visible()
    assert page.get_by_role("button", name="Yes, recycle K7F3-QX").is_visible()
    context.close()
