"""Scanning with the camera, in a real browser whose camera sees our own labels; and how many taps a door costs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from fleet.database.session import Database
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import Action, JobState, Tick
from fleet.tags.rules import ALPHABET, new_code, parse, shown
from fleet.users.rules import Role
from tests.browser import PHONE, axe
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.film import Shot, label_pictures, make_film, square_of
from tests.people import FakeClock, signed_in

pytestmark = [pytest.mark.browser, ON_SQLITE]


NOT_OURS = "This square is not one of our labels. Scan the one with a code beside it."


class Doors:
    """Two doors of one courier: a tablet to hand over, on board, and one to collect."""

    def __init__(self, delivering: Delivering) -> None:
        self.delivering = delivering
        run = delivering.run()
        self.bring: DeliveryJob = delivering.delivery(run)
        self.fetch: DeliveryJob = delivering.collection(run)
        delivering.tell_one(delivering.fact(Action.LOAD, self.bring))
        self.codes = delivering.code(self.bring.tablet_id), delivering.code(self.fetch.tablet_id)


class SwapDoor:
    """A door where one tablet is swapped for another, which is on board."""

    def __init__(self, delivering: Delivering) -> None:
        self.delivering = delivering
        self.job: DeliveryJob = delivering.swap(delivering.run())
        brought = delivering.other_code(self.job)
        delivering.tell_one(delivering.fact(Action.LOAD, self.job, code=brought))
        self.codes = brought, delivering.code(self.job.tablet_id)


def cookie_of(app: FastAPI, database: Database, clock: FakeClock, delivering: Delivering) -> str:
    courier = signed_in(app, database, clock, Role.COURIER)
    assert courier.actor is not None
    delivering.couriers.insert(0, courier.actor)
    cookie = courier.cookies["doorstep"]
    courier.close()
    return cookie


@pytest.fixture
def filmed(
    chromium: Chromium,
    camera_film: Path,
    app: FastAPI,
    address: str,
    database: Database,
    clock: FakeClock,
    delivering: Delivering,
    request: pytest.FixtureRequest,
) -> Iterator[tuple[Page, Doors | SwapDoor]]:
    """A phone in a courier's hand. Its camera sees a square of something else, then the label to collect at an angle,
    then the one to hand over in bad light, and round again."""
    cookie = cookie_of(app, database, clock, delivering)
    doors: Doors | SwapDoor = getattr(request, "param", Doors)(delivering)
    bring, fetch = label_pictures(doors.codes)
    shots = (
        Shot(square_of("WIFI:S:Sample;;")),
        Shot(fetch, tilt=0.3, turn=25),
        Shot(bring, tilt=0.15, turn=-8, light=0.4),
    )
    make_film(camera_film, shots)
    context = chromium.new_context(viewport=PHONE, reduced_motion="reduce", locale="en-GB", has_touch=True)
    context.add_cookies([{"name": "doorstep", "value": cookie, "url": address}])
    context.add_init_script(COUNTING)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("request", lambda asked: None if address in asked.url else complaints.append(asked.url))
    yield page, doors
    context.close()
    assert complaints == []


COUNTING = """
const notes = (name) => JSON.parse(sessionStorage.getItem(name) ?? "[]");
const note = (name, what) => sessionStorage.setItem(name, JSON.stringify([...notes(name), what]));
addEventListener("pointerdown", () => note("taps", 1), true);
navigator.vibrate = (pattern) => note("felt", pattern);
const Context = AudioContext;
window.AudioContext = class extends Context { constructor() { super(); note("heard", 1); } };
addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-scanner-said]");
  if (place) new MutationObserver(() => place.textContent && note("said", place.textContent))
    .observe(place, { childList: true });
});
"""
"""Writes down what a thumb did and what a hand, an ear and an eye were given."""


def noted(page: Page, name: str) -> list[object]:
    found: list[object] = page.evaluate("name => JSON.parse(sessionStorage.getItem(name) ?? '[]')", name)
    return found


def test_a_door_is_one_scan_and_few_taps_and_a_wrong_label_costs_none(filmed: tuple[Page, Doors], address: str) -> None:
    page, doors = filmed
    bring, fetch = doors.codes
    page.goto(f"{address}/run/stops/{doors.bring.id}")
    page.get_by_role("button", name="Scan the label").tap()
    who = page.get_by_text("The person who borrows it")
    expect(who).to_be_visible()
    assert page.get_by_role("dialog").count() == 0
    said = noted(page, "said")
    in_the_film = [
        NOT_OURS,
        f"This is {fetch}, for someone else. Put it back and scan {bring}.",
        f"{bring}. Right.",
    ]
    assert len(said) >= 2, "the film may have begun before the decoder was there, but not passed it by"
    assert said == in_the_film[-len(said) :]
    assert page.evaluate("document.querySelector('[data-scanner-picture]').srcObject") is None
    assert len(noted(page, "taps")) == 1, "the scan itself"
    assert noted(page, "felt") == [[150], [450], [60]][-len(said) :]
    assert len(noted(page, "heard")) == len(said)
    assert page.locator("main input:checked").count() == 0, "nobody witnessed anything yet"
    assert axe(page) == []

    who.tap()
    page.get_by_text("They accept the agreement").tap()
    page.get_by_role("button", name="All of it").tap()
    page.get_by_role("button", name="Hand it over").tap()
    expect(page.get_by_role("status")).to_contain_text("Handed over")
    assert len(noted(page, "taps")) == 5, "a scan and four taps"
    told = doors.delivering.scans()[-1]
    assert set(told.details["ticks"]) == set(Tick)
    assert doors.delivering.again(doors.bring).state is JobState.HANDED_OVER

    expect(page.get_by_role("heading", name=f"Collect {fetch}")).to_be_visible()
    page.evaluate("sessionStorage.clear()")
    page.get_by_role("button", name="Scan the label").tap()
    page.get_by_text("Scratched or worn").tap()
    page.get_by_text("Yes", exact=True).tap()
    page.get_by_role("button", name="Collect it").tap()
    expect(page.get_by_role("status")).to_contain_text("Collected")
    assert len(noted(page, "taps")) == 4, "a scan and three taps"
    told = doors.delivering.scans()[-1]
    assert (told.details["condition"], told.details["sim_in_tray"]) == ("worn", True)
    assert doors.delivering.again(doors.fetch).state is JobState.COLLECTED


def test_the_view_closes_with_escape_gives_the_camera_back_and_leaves_the_field(
    filmed: tuple[Page, Doors], address: str
) -> None:
    page, doors = filmed
    page.goto(f"{address}/run/stops/{doors.fetch.id}")
    page.evaluate("localStorage.setItem('doorstep.sounds', 'off')")
    page.evaluate("document.querySelector('[data-scan-field]').dataset.expected = 'ZZZZ-ZZ'")
    page.get_by_role("button", name="Scan the label").tap()
    view = page.get_by_role("dialog", name="Scan ZZZZ-ZZ").get_by_role("alert")
    expect(view).to_contain_text("scan ZZZZ-ZZ")
    expect(view).to_have_text(NOT_OURS)
    assert axe(page) == []
    held = page.evaluate_handle("document.querySelector('[data-scanner-picture]').srcObject")
    assert held.evaluate("held => held.active") is True
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert held.evaluate("held => held.active") is False
    assert noted(page, "heard") == [], "the sounds are switched off"
    page.get_by_role("button", name="Scan the label").tap()
    page.get_by_role("button", name="Type the code").tap()
    expect(page.get_by_label("Scan the label, or type its code")).to_be_focused()


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        ("Object.defineProperty(window, 'isSecureContext', {value: false});", "did not come over a secure line"),
        ("Object.defineProperty(navigator, 'mediaDevices', {value: undefined});", "has no camera for us"),
        ("delete window.WebAssembly;", "too old to read squares"),
    ],
    ids=["plain http", "no camera", "no wasm"],
)
def test_without_a_camera_the_field_is_there_and_says_why(
    window: Page,
    app: FastAPI,
    address: str,
    database: Database,
    clock: FakeClock,
    delivering: Delivering,
    broken: str,
    words: str,
) -> None:
    cookie = cookie_of(app, database, clock, delivering)
    doors = Doors(delivering)
    window.context.add_cookies([{"name": "doorstep", "value": cookie, "url": address}])
    window.add_init_script(broken)
    window.set_viewport_size(PHONE)
    window.goto(f"{address}/run/stops/{doors.bring.id}")
    expect(window.get_by_text(words)).to_be_visible()
    expect(window.get_by_role("button", name="Scan the label")).to_have_count(0)
    window.get_by_label("Scan the label, or type its code").fill(doors.codes[0])
    window.get_by_role("button", name="Hand it over").click()
    expect(window.get_by_text("They accept the agreement")).to_be_visible()


def test_a_phone_reads_codes_as_the_hub_does(window: Page, address: str) -> None:
    chance = random.Random(7)
    texts = ["", "  ", "K7F3QX", "https://t.example/T/k7f3-qx/", "https://t.example/x/K7F3-QX", "K7F3-Q0", "K7F3-QX9"]
    for _ in range(400):
        code = new_code()
        place = chance.randrange(len(code))
        slipped = code[:place] + chance.choice(ALPHABET) + code[place + 1 :]
        texts += [
            shown(code),
            code.lower(),
            f" {code[:3]} {code[3:]}",
            slipped,
            code[1] + code[0] + code[2:],
            code[:-1],
        ]
        texts.append(code[:place] + chance.choice("IO01é*") + code[place + 1 :])
    window.goto(f"{address}/c")
    heard = window.evaluate(
        "async texts => { const { readCode } = await import('/static/js/phone/code.js'); return texts.map(readCode); }",
        texts,
    )
    for text, read in zip(texts, heard, strict=True):
        told = parse(text)
        assert read["code"] == told.code, text
        if "does not check" in told.problem:
            assert read["problem"][:8] == told.problem[:8]
            assert "does not check" in read["problem"]
        else:
            assert read["problem"] == told.problem


WANTED = {"expected": ["K7F3-QX"], "done": {"M2P9-TA": "M2P9-TA is done already: handed over at 10:41."}}


JUDGED = [
    ("HTTPS://T.EXAMPLE/T/K7F3-QX", WANTED, "right", "K7F3-QX. Right."),
    ("M2P9-TA", WANTED, "already", "M2P9-TA is done already: handed over at 10:41."),
    ("B8D4-RW", WANTED, "wrong", "This is B8D4-RW, for someone else. Put it back and scan K7F3-QX."),
    ("B8D4-RW", {"expected": ["K7F3-QX", "H3N6-YC"], "done": {}}, "wrong", "is not one of these. Put it back."),
    ("B8D4-RW", {"expected": [], "done": {}}, "right", "B8D4-RW"),
    ("WIFI:S:Sample;;", WANTED, "unread", "This square is not one of our labels."),
]


def test_a_label_is_judged_on_the_phone(window: Page, address: str) -> None:
    window.goto(f"{address}/c")
    found = window.evaluate(
        """async given => {
            const { verdictOfSquare } = await import('/static/js/phone/scanning_verdict.js');
            return given.map(([text, wanted]) => verdictOfSquare(text, wanted));
        }""",
        JUDGED,
    )
    for (text, _, kind, words), judged in zip(JUDGED, found, strict=True):
        assert judged["kind"] == kind, text
        assert words in judged["sentence"], text


@pytest.mark.parametrize("filmed", [SwapDoor], indirect=True)
def test_a_swap_is_two_labels_in_one_look_and_four_taps(filmed: tuple[Page, SwapDoor], address: str) -> None:
    page, door = filmed
    stays, comes_back = door.codes
    page.goto(f"{address}/run/stops/{door.job.id}")
    expect(page.get_by_role("heading", name=f"Swap {comes_back} for {stays}")).to_be_visible()
    page.get_by_role("button", name="Scan the label").tap()
    who = page.get_by_text("The person who borrows it")
    expect(who).to_be_visible()
    assert [page.locator(f"[name={name}]").input_value() for name in ("code", "second_code")] == [comes_back, stays]
    said = noted(page, "said")
    assert said.index(f"{comes_back}. Right.") < said.index(f"{stays}. Right.")
    assert axe(page) == []
    who.tap()
    page.get_by_text("In the one that stays").tap()
    page.get_by_text("Damaged").tap()
    page.get_by_role("button", name="Swap them").tap()
    expect(page.get_by_role("status")).to_contain_text("Swapped")
    assert len(noted(page, "taps")) == 5, "a look at both labels and four taps"
    assert door.delivering.again(door.job).state is JobState.SWAPPED


@pytest.mark.parametrize("filmed", [SwapDoor], indirect=True)
def test_the_labels_of_a_swap_may_be_typed_and_each_field_says_what_is_wrong(
    filmed: tuple[Page, SwapDoor], address: str
) -> None:
    page, door = filmed
    stays, comes_back = door.codes
    page.goto(f"{address}/run/stops/{door.job.id}")
    first, second = page.get_by_label("First the one that comes back"), page.get_by_label("Then the one that stays")
    first.fill(comes_back)
    first.press("Enter")
    expect(second).to_be_focused()
    second.fill(comes_back)
    second.press("Enter")
    expect(page.locator("#second-code-said")).to_contain_text(f"scan {stays}")
    expect(page.get_by_text("The person who borrows it")).to_be_hidden()
    second.fill(stays)
    second.press("Enter")
    expect(page.get_by_text("The person who borrows it")).to_be_visible()
