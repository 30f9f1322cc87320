"""Parts of a page that renew themselves by server-sent events, under the same strict policy as everything else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser import axe

pytestmark = pytest.mark.browser

COUNT_SOUNDS = """
window.sounds = 0;
addEventListener('htmx:afterSettle', () => { window.settled = true; });
window.AudioContext = class extends AudioContext { constructor() { super(); window.sounds += 1; } };
"""


def test_the_wall_shows_what_the_server_says_without_a_reload(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/live")
    expect(window.locator(".slot--done")).to_have_count(6)
    expect(window.locator(".slot--hands")).to_have_count(0)
    assert axe(window) == []


def test_a_place_that_changed_sounds_and_one_that_did_not_stays_quiet(window: Page, gallery: str) -> None:
    window.add_init_script(COUNT_SOUNDS)
    window.goto(f"{gallery}/live")
    expect(window.locator(".slot--done")).to_have_count(6)
    window.wait_for_function("window.sounds > 0")
    assert window.evaluate("window.sounds") == 5


def test_a_muted_wall_is_silent(window: Page, gallery: str) -> None:
    window.add_init_script(COUNT_SOUNDS + "localStorage.setItem('doorstep.sounds', 'off');")
    window.goto(f"{gallery}/live")
    window.wait_for_function("window.settled")
    expect(window.locator(".slot--done")).to_have_count(6)
    assert window.evaluate("window.sounds") == 0
