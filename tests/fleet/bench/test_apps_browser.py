"""Importing an app in a real browser: how far it is, where it ends, and what is said when it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from fleet.users.rules import Role
from tests.browser import PHONE, axe, served, sideways_scroll
from tests.bundles import SplitRecipe, build_splits, xapk
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser

pytestmark = [pytest.mark.browser, ON_SQLITE]
PACKAGE = "org.example.parts"


@pytest.fixture
def address(app: FastAPI, window: Page, browser_as: Callable[..., Browser]) -> Iterator[str]:
    """The app, served, with a hub admin signed in at the window."""
    with served(app) as where:
        for name, value in browser_as(Role.HUB_ADMIN).cookies.items():
            window.context.add_cookies([{"name": name, "value": value, "url": where}])
        yield where
        window.goto("about:blank")


def choose(window: Page, path: Path) -> None:
    window.get_by_label("The app's file").set_input_files(path)
    window.get_by_label("Anybody may pass it on").check()
    window.get_by_label("How do you know?").fill("Apache 2.0")
    window.get_by_role("button", name="Import it").click()


def test_a_bundle_is_sent_with_its_progress_and_ends_on_its_own_page(
    window: Page, address: str, tmp_path: Path
) -> None:
    splits = build_splits(SplitRecipe(features=("camera", "extras"), on_demand=("extras",)))
    expansions = {f"Android/obb/{PACKAGE}/main.7.{PACKAGE}.obb": bytes(3_000_000)}
    path = xapk(tmp_path / "parts.xapk", splits, package=PACKAGE, version_code=7, expansions=expansions)
    window.goto(f"{address}/bench/apps")
    window.evaluate(
        "new MutationObserver(() => { window.name = document.querySelector('[data-upload-words]').textContent; })"
        ".observe(document.querySelector('[data-upload-words]'), {childList: true})"
    )
    choose(window, path)
    expect(window.locator("h1")).to_have_text("What is in this app?")
    assert window.evaluate("window.name") == "Sent. Its signature is being checked…"
    expect(window.get_by_text("is in the library")).to_be_visible()
    expect(window.get_by_role("rowheader", name="config.arm64_v8a")).to_be_visible()
    assert window.evaluate("location.pathname").startswith("/bench/apps/")
    for size in (None, PHONE):
        if size:
            window.set_viewport_size(size)
        assert axe(window) == []
        assert sideways_scroll(window) == 0


def test_a_refused_file_is_said_where_it_was_chosen(window: Page, address: str, tmp_path: Path) -> None:
    letter = tmp_path / "letter.apk"
    letter.write_text("Dear all")
    window.goto(f"{address}/bench/apps")
    choose(window, letter)
    expect(window.locator(".govuk-error-summary")).to_contain_text("letter.apk is not an Android app")
    expect(window.get_by_label("How do you know?")).to_have_value("Apache 2.0")
    window.set_viewport_size(PHONE)
    assert axe(window) == []
    assert sideways_scroll(window) == 0
