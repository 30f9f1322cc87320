"""The bench in a real browser: alive without a reload, done by keyboard, and nothing for axe to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page, expect

from fleet.bench import queries
from fleet.bench.rules import RunState
from fleet.users.rules import Role
from tests.browser import PHONE, axe, served, sideways_scroll
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bench.test_faults import google
from tests.fleet.bench.workbench import Workbench
from tests.people import Browser

pytestmark = [pytest.mark.browser, ON_SQLITE]


@pytest.fixture
def address(app: FastAPI, window: Page, browser_as: Callable[..., Browser]) -> Iterator[str]:
    """The app, served, with a technician signed in at the window."""
    with served(app) as where:
        for name, value in browser_as(Role.TECHNICIAN).cookies.items():
            window.context.add_cookies([{"name": name, "value": value, "url": where}])
        yield where
        window.goto("about:blank")


def test_the_wall_and_the_run_are_alive(workbench: Workbench, window: Page, address: str) -> None:
    place = workbench.place()
    window.goto(f"{address}/bench/{workbench.bench.id}")
    slot = window.locator(".slot")
    expect(slot).to_contain_text("Empty")
    run = workbench.start_wipe(place)
    expect(slot).to_contain_text("Waiting for its turn")
    workbench.turn(run)
    expect(slot).to_contain_text("Tap “")
    assert axe(window) == []
    window.goto(f"{address}/bench/runs/{run.id}")
    expect(window.locator(".hands__first")).to_contain_text("Tap “")
    opened = window.locator("details.raw").first
    opened.locator("summary").click()
    assert axe(window) == []
    assert workbench.finish(run, place).state is RunState.PASSED
    expect(window.get_by_role("link", name="Certificate DW-2026-000001")).to_be_visible()
    expect(window.get_by_role("link", name="Make it ready for somebody")).to_be_visible()
    expect(opened).to_have_attribute("open", "")
    assert axe(window) == []


def test_a_keyboard_alone_begins_a_wipe(workbench: Workbench, window: Page, address: str) -> None:
    place = workbench.place()
    workbench.trust(place)
    window.goto(f"{address}/bench/slots/{place.row.id}")
    window.keyboard.press("l")
    expect(window.locator(".run-state")).to_contain_text("Looking")
    workbench.look_as_asked()
    tick = window.get_by_label("SIM and memory card are out")
    expect(tick).to_be_visible()
    for _ in range(60):
        window.keyboard.press("Tab")
        if tick.evaluate("each => each === document.activeElement"):
            break
    window.keyboard.press("Space")
    window.keyboard.press("Tab")
    window.keyboard.press("Enter")
    expect(window.locator("h1")).to_have_text("How far is it?")
    with workbench.database.read() as session:
        assert queries.unfinished_run_of_tablet(session, place.tablet.id) is not None


def test_a_failed_run_fits_a_phone_and_passes_axe(workbench: Workbench, window: Page, address: str) -> None:
    place = workbench.place()
    google(place.device)
    run = workbench.finish(workbench.start_wipe(place), place)
    other = workbench.place()
    certified = workbench.finish(workbench.start_wipe(other), other)
    window.set_viewport_size(PHONE)
    for path in (
        f"/bench/runs/{run.id}",
        f"/bench/runs/{certified.id}",
        f"/bench/{workbench.bench.id}",
        f"/bench/slots/{place.row.id}",
        "/bench/runs",
        "/certificates",
        "/certificates/DW-2026-000001",
        "/bench/apps",
        "/bench/profiles",
        "/bench/waiting",
        f"/bench/{workbench.bench.id}/set-up",
    ):
        window.goto(address + path)
        assert axe(window) == [], path
        assert sideways_scroll(window) == 0, path
