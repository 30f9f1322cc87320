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
def test_axe_finds_nothing(window: Page, gallery: str, name: str) -> None:
    window.goto(f"{gallery}/{name}")
    for size in (DESKTOP, PHONE):
        window.set_viewport_size(size)
        assert axe(window) == []
    window.evaluate("document.querySelectorAll('details').forEach(e => { e.removeAttribute('name'); e.open = true; })")
    assert axe(window) == []


@pytest.mark.parametrize("direction", ["", "rtl"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_never_scrolls_sideways(window: Page, gallery: str, name: str, direction: str) -> None:
    window.goto(f"{gallery}/{name}?direction={direction}")
    for size in (NARROWEST, ZOOMED):
        window.set_viewport_size(size)
        assert sideways_scroll(window) == 0


def test_a_long_unbroken_word_does_not_widen_a_phone(window: Page, gallery: str) -> None:
    window.set_viewport_size(NARROWEST)
    window.goto(f"{gallery}/list")
    word = "Rindfleischetikettierungsueberwachungsaufgabenuebertragungsgesetz"
    window.evaluate(
        "word => document.querySelectorAll('h1, td .table__value, .stat__label').forEach(e => e.textContent = word)",
        word,
    )
    assert sideways_scroll(window) == 0


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_that_can_be_pressed_and_shows_where_it_is(
    window: Page, gallery: str, name: str
) -> None:
    window.goto(f"{gallery}/{name}")
    stops = tab_stops(window)
    assert len(stops) == window.evaluate(PRESSABLE) > 3
    assert [stop for stop in stops if not (stop.ringed and stop.in_sight)] == []


@pytest.mark.parametrize(("name", "least"), [("list", 44), ("tablet", 44), ("phone", 64), ("stop", 64)])
def test_what_is_pressed_is_large_enough(window: Page, gallery: str, name: str, least: int) -> None:
    window.set_viewport_size(PHONE)
    window.goto(f"{gallery}/{name}")
    small = window.evaluate(
        """least => [...document.querySelectorAll(
            '.button, button, summary:not(.raw summary), select, .stop, .big-tick'
        )].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < least - 0.5)
        .map(e => e.outerHTML.slice(0, 90))""",
        least,
    )
    assert small == []


def test_no_text_is_smaller_than_sixteen_pixels(window: Page, gallery: str) -> None:
    for size in (DESKTOP, PHONE):
        window.set_viewport_size(size)
        for name in PAGES:
            window.goto(f"{gallery}/{name}")
            small = window.evaluate(
                """() => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() &&
                [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) &&
                parseFloat(getComputedStyle(e).fontSize) < 15.99).map(e => e.outerHTML.slice(0, 90))"""
            )
            assert small == [], name


def test_on_paper_a_list_is_a_table_with_nothing_to_press(window: Page, gallery: str) -> None:
    window.set_viewport_size({"width": 800, "height": 1100})
    window.goto(f"{gallery}/list")
    window.emulate_media(media="print")
    assert window.locator("thead").is_visible()
    assert window.locator("thead").bounding_box() is not None
    assert window.locator("tbody tr").first.evaluate("e => getComputedStyle(e).display") == "table-row"
    assert not window.locator(".filters").is_visible()
    assert window.locator("a.button:visible, button:visible").count() == 0


def test_a_page_works_with_scripts_switched_off(window: Page, gallery: str) -> None:
    assert window.context.browser is not None
    context = window.context.browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery}/tablet")
    page.locator("summary", has_text="Recycle it").click()
    assert page.get_by_text("This cannot be taken back.").is_visible()
    assert page.get_by_role("button", name="Yes, recycle K7F3-QX").is_visible()
    context.close()
