"""Parts of a page that renew themselves by server-sent events, under the same strict policy as everything else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe

pytestmark = pytest.mark.browser

COUNT_SOUNDS = """
let sounds = 0;
const note = (name, value) => { document.documentElement.dataset[name] = value; };
window.AudioContext = class extends AudioContext { constructor() { super(); note('sounds', ++sounds); } };
addEventListener('htmx:afterSettle', () => note('settled', 'yes'));
"""
"""Notes on the page's root what a person would have heard, where a test can see it under the strict policy."""


def test_the_wall_shows_what_the_server_says_without_a_reload(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/live")
    expect(window.locator(".slot--done")).to_have_count(6)
    expect(window.locator(".slot--hands")).to_have_count(0)
    assert axe(window) == []


def test_a_place_that_changed_sounds_and_one_that_did_not_stays_quiet(window: Page, gallery: str) -> None:
    window.add_init_script(COUNT_SOUNDS)
    window.goto(f"{gallery}/live")
    expect(window.locator("html")).to_have_attribute("data-settled", "yes")
    expect(window.locator("html")).to_have_attribute("data-sounds", "5")


def test_a_muted_wall_is_silent(window: Page, gallery: str) -> None:
    window.add_init_script(COUNT_SOUNDS + "localStorage.setItem('doorstep.sounds', 'off');")
    window.goto(f"{gallery}/live")
    expect(window.locator("html")).to_have_attribute("data-settled", "yes")
    expect(window.locator(".slot--done")).to_have_count(6)
    assert window.locator("html").get_attribute("data-sounds") is None
