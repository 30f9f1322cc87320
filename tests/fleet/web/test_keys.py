"""The small scripts: keys in lists, the panel that asks once, the error summary, the sound switch, copying."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def focused(window: Page) -> str:
    text: str = window.evaluate("document.activeElement.innerText || document.activeElement.tagName")
    return text.strip()


def test_j_and_k_walk_the_rows_and_enter_opens_one(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/list")
    window.keyboard.press("j")
    window.keyboard.press("j")
    expect(window.get_by_role("link", name="K1F3-QT")).to_be_focused()
    window.keyboard.press("k")
    expect(window.get_by_role("link", name="K0F3-QX")).to_be_focused()
    window.keyboard.press("Enter")
    expect(window).to_have_url(f"{gallery}/list#tablet-0")


def test_typing_in_a_filter_presses_nothing(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/list")
    window.get_by_label("Code, serial or model").fill("")
    window.get_by_label("Code, serial or model").press_sequentially("tj?")
    assert window.get_by_label("Code, serial or model").input_value() == "tj?"
    expect(window).to_have_url(f"{gallery}/list")
    expect(window.get_by_role("dialog")).to_be_hidden()


def test_a_question_mark_lists_the_keys_of_this_page(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/tablet")
    window.keyboard.press("?")
    expect(window.get_by_role("dialog")).to_contain_text("Mark as returned")
    window.keyboard.press("Escape")
    expect(window.get_by_role("dialog")).to_be_hidden()


def test_letter_keys_can_be_switched_off_and_stay_off(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/list")
    window.get_by_role("button", name="Keyboard shortcuts").click()
    window.get_by_label("Letter keys are on").uncheck()
    window.get_by_role("button", name="Close").click()
    window.goto(f"{gallery}/list")
    window.keyboard.press("j")
    assert focused(window) != "K0F3-QX"


def test_a_letter_opens_the_question_and_escape_puts_it_away(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/tablet")
    window.keyboard.press("e")
    expect(window.get_by_label("Why longer?")).to_be_visible()
    window.keyboard.press("Escape")
    expect(window.get_by_label("Why longer?")).to_be_hidden()
    assert focused(window).startswith("Extend the loan")


def test_a_form_with_mistakes_opens_at_the_list_of_them(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/form")
    expect(window.locator(".govuk-error-summary")).to_be_focused()
    window.get_by_role("link", name="Enter the donor's name.").click()
    expect(window.get_by_label("Name of the donor")).to_be_focused()


def test_the_sound_switch_is_remembered(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/wall")
    switch = window.get_by_role("button", name="Sounds")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    window.goto(f"{gallery}/wall")
    expect(window.get_by_role("button", name="Sounds")).to_have_attribute("aria-pressed", "false")


def test_a_code_can_be_copied(window: Page, gallery: str) -> None:
    window.context.grant_permissions(["clipboard-read", "clipboard-write"])
    window.goto(f"{gallery}/tablet")
    window.get_by_role("button", name="Copy code K7F3-QX").click()
    expect(window.locator("[data-copy-words]")).to_have_text("Copied")
    assert window.evaluate("navigator.clipboard.readText()") == "K7F3-QX"


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(window: Page, gallery: str) -> None:
    window.set_viewport_size({"width": 320, "height": 640})
    window.goto(f"{gallery}/stop")
    window.get_by_text("Menu", exact=True).focus()
    window.keyboard.press("Enter")
    expect(window.get_by_role("link", name="Hot, swollen or leaking?")).to_be_visible()
    window.keyboard.press("Escape")
    expect(window.get_by_role("link", name="Hot, swollen or leaking?")).to_be_hidden()
