"""The wall in a real browser: a scanner types blindly, the sheet stands at its side, the queue comes forward."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from playwright.sync_api import Locator, Page, ViewportSize, expect
from sqlalchemy import select

from fleet.bench.models import Scan
from fleet.bench.rules import RunState
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from provisioning.virtual import person
from provisioning.virtual.state import Owner
from tests.browser import DESKTOP, PHONE, ZOOMED, axe, served, sideways_scroll
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.bench.piloting import Pilot
from tests.fleet.bench.workbench import Workbench
from tests.people import Browser

pytestmark = [pytest.mark.browser, ON_SQLITE]

WALL: ViewportSize = {"width": 1920, "height": 1080}
"""A screen that hangs above the bench."""


@pytest.fixture
def wall(app: FastAPI, window: Page, workbench: Workbench, browser_as: Callable[..., Browser]) -> Iterator[str]:
    """The address of the wall, with a technician signed in at the window."""
    with served(app) as where:
        for name, value in browser_as(Role.TECHNICIAN).cookies.items():
            window.context.add_cookies([{"name": name, "value": value, "url": where}])
        yield f"{where}/bench/{workbench.bench.id}"
        window.goto("about:blank")


def test_a_scanner_alone_opens_a_tablet_wipes_it_and_takes_it_back(
    workbench: Workbench, window: Page, wall: str
) -> None:
    place = workbench.place()
    workbench.trust(place)
    workbench.look_into(place)
    window.goto(wall)
    window.locator("h1").click()
    for scanned, answer in (
        (place.tablet.serial, f"is in slot {place.row.place}"),
        ("MODE-WIPE", "begins the wipe"),
        (place.tablet.serial, "The wipe of"),
        ("MODE-UNDO", "Taken back"),
        ("NOTHING-OF-OURS", "no label of ours"),
    ):
        window.keyboard.type(scanned)
        window.keyboard.press("Enter")
        expect(window.locator(".scanned__said")).to_contain_text(answer)
        expect(window.get_by_label("Scan a tablet or a card")).to_be_focused()
    expect(window.locator("[data-sheet]")).to_be_visible()
    assert axe(window) == []
    for size in (PHONE, ZOOMED):
        window.set_viewport_size(size)
        assert sideways_scroll(window) == 0


def test_scans_faster_than_their_answers_are_all_answered_in_turn(
    workbench: Workbench, window: Page, wall: str
) -> None:
    codes = [f"NOT-OURS-{number}" for number in range(6)]
    workbench.place()
    window.goto(wall)
    for code in codes:
        window.keyboard.type(code)
        window.keyboard.press("Enter")
    expect(window.locator(".scanned")).to_have_attribute("data-place", f"scan-{len(codes)}")
    with workbench.database.read() as session:
        assert list(session.scalars(select(Scan.text).order_by(Scan.id))) == codes


def test_a_scan_without_an_answer_says_so_and_names_its_code(workbench: Workbench, window: Page, wall: str) -> None:
    workbench.place()
    window.goto(wall)
    window.route("**/scan", lambda route: route.abort())
    window.keyboard.type("NOT-OURS")
    window.keyboard.press("Enter")
    expect(window.locator(".scanned__said")).to_have_text("The scan of NOT-OURS was not answered.")
    expect(window.get_by_label("Scan a tablet or a card")).to_be_focused()
    assert axe(window) == []


def test_a_scan_that_is_never_answered_keeps_the_next_ones_waiting_half_a_minute_at_most(
    workbench: Workbench, window: Page, wall: str
) -> None:
    workbench.place()
    window.add_init_script(
        "const whole = AbortSignal.timeout.bind(AbortSignal);"
        "AbortSignal.timeout = (ms) => { window.waits = ms; return whole(ms / 50); };"
    )
    window.goto(wall)
    window.route("**/scan", lambda _: None, times=1)
    for code in ("NO-ANSWER", "NOT-OURS"):
        window.keyboard.type(code)
        window.keyboard.press("Enter")
    expect(window.locator(".scanned__said")).to_contain_text("This is no label of ours")
    assert window.evaluate("window.waits") == 30_000
    with workbench.database.read() as session:
        assert list(session.scalars(select(Scan.text))) == ["NOT-OURS"]


def test_a_scan_of_somebody_whom_the_hub_does_not_know_says_so_and_leads_back(
    app: FastAPI, workbench: Workbench, window: Page, wall: str
) -> None:
    workbench.place()
    stranger = TestClient(app).post(f"/bench/{workbench.bench.id}/scan", data={"scan": "NOT-OURS"})
    window.goto(wall)
    window.route("**/scan", lambda route: route.fulfill(status=stranger.status_code, body=stranger.text))
    window.keyboard.type("NOT-OURS")
    window.keyboard.press("Enter")
    expect(window.locator(".scanned__said")).to_have_text("Nothing was done with NOT-OURS: you are not signed in here.")
    expect(window.get_by_label("Scan a tablet or a card")).to_be_focused()
    assert axe(window) == []
    again = window.get_by_role("link", name="Open the wall again")
    expect(again).to_have_attribute("href", f"/bench/{workbench.bench.id}")


def test_a_run_is_paused_and_taken_up_again_from_the_sheet(workbench: Workbench, window: Page, wall: str) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place)
    window.goto(wall)
    window.locator(".slot__code a").click()
    sheet = window.locator("[data-sheet]")
    expect(sheet).to_be_focused()
    expect(sheet).to_contain_text("Nothing stands against a wipe")
    sheet.get_by_role("button", name="Pause").click()
    expect(window.locator(".slot")).to_contain_text("Paused")
    assert workbench.run(run).state is RunState.PAUSED
    expect(window.locator("h1")).to_have_text("What needs my hands?")
    window.locator("[data-sheet]").get_by_role("button", name="Go on with it").click()
    expect(window.locator(".flash")).to_contain_text("It goes on")
    assert workbench.run(run).state is not RunState.PAUSED
    window.wait_for_load_state("load")
    window.locator("[data-sheet] a").first.focus()
    window.keyboard.press("Escape")
    expect(window.locator("[data-sheet]")).to_have_count(0)
    expect(window.get_by_label("Scan a tablet or a card")).to_be_focused()


def test_a_card_says_what_stands_in_the_way_shortly_and_stretches_no_other(
    workbench: Workbench, window: Page, wall: str
) -> None:
    place = workbench.place()
    person.enrol(place.device, Owner("com.example.fleetcontrol/.Admin", "Example Org", blocks_reset=True))
    run = workbench.finish(workbench.start_wipe(place), place)
    assert "com.example.fleetcontrol" in run.problem
    workbench.place(stage=Stage.READY)
    for size in (WALL, DESKTOP, PHONE):
        window.set_viewport_size(size)
        window.goto(wall)
        card = window.locator(".slot--danger")
        expect(card.locator(".slot__first")).to_have_text("Another organisation manages this tablet.")
        expect(card.locator(".slot__second")).to_have_text(
            "Ask the donor's IT team to release the tablet, then read it again."
        )
        assert height(window.locator(".slot").last) < height(card), size
        assert sideways_scroll(window) == 0
    window.goto(f"{wall}?open={place.row.id}")
    expect(window.locator("[data-sheet]")).to_contain_text("through com.example.fleetcontrol")
    expect(window.locator("[data-sheet]")).to_contain_text("Then lift the hold on the tablet's page")


def height(card: Locator) -> float:
    box = card.bounding_box()
    assert box is not None
    return box["height"]


def test_what_needs_hands_is_drawn_and_without_hands_the_queue_comes_first(
    workbench: Workbench, window: Page, wall: str
) -> None:
    workbench.stock(Stage.AWAITING_WIPE)
    pilot = Pilot(workbench)
    pilot.switch_on()
    place = workbench.place()
    workbench.taps_allow = False
    pilot.watch()
    window.clock.install()
    window.goto(wall)
    expect(window.locator(".slot--hands .pic")).to_be_visible()
    window.clock.fast_forward(120_000)
    queue, slots = window.locator("[data-queue]"), window.locator("[data-wall]")
    assert above(slots, queue)
    place.device.vanish()
    pilot.watch()
    expect(window.locator(".slot--hands")).to_have_count(0)
    window.clock.fast_forward(30_000)
    assert above(slots, queue)
    window.clock.fast_forward(31_000)
    expect(window.locator(".bench__wall--quiet")).to_have_count(1)
    assert above(queue, slots)
    assert axe(window) == []


def above(first: Locator, second: Locator) -> bool:
    upper, lower = first.bounding_box(), second.bounding_box()
    assert upper is not None
    assert lower is not None
    return upper["y"] < lower["y"]


def test_a_wall_that_gets_no_news_any_more_says_since_when(workbench: Workbench, window: Page, wall: str) -> None:
    workbench.place()
    window.clock.install()
    window.route("**/live?*", lambda route: route.abort())
    window.goto(wall)
    window.wait_for_load_state("load")
    stale = window.locator("[data-stale]")
    expect(stale).to_be_hidden()
    window.clock.run_for(11_000)
    expect(stale).to_contain_text("This page has had no news from the hub since")
    expect(stale.get_by_role("link", name="Load it again")).to_be_visible()
    assert axe(window) == []
    window.unroute("**/live?*")
    window.clock.run_for(60_000)
    expect(stale).to_be_hidden()
