"""The courier's phone without signal, in real Chromium: what was told is kept, sent once and answered, and what was
shown is gone when its time is over."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.sync_api import Error, Page, Route, expect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fleet.app import furnish
from fleet.database.session import Database
from fleet.deliveries import service
from fleet.deliveries.rules import Answer, JobState
from fleet.loans.rules import LoanState
from fleet.settings import Settings
from tests.browser import NARROWEST, PHONE, ZOOMED, axe, served, sideways_scroll
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.in_hand import (
    facts_on,
    fill_collection,
    fill_hand_over,
    open_today,
    sign_in_with_six_digits,
    told,
    wait_until,
)
from tests.people import FakeClock

pytestmark = [pytest.mark.browser, ON_SQLITE]

SCANS = "**/api/v1/scans"
MOST_BYTES = 400_000
DECODER = {"/static/vendor/zxing-reader.min.js", "/static/vendor/zxing_reader.wasm"}
SIGN_IN_ONLY = {
    "/static/vendor/govuk-frontend.min.js",
    *(f"/static/js/{name}.js" for name in ("doorstep", "scanner", "keys", "copying", "live")),
}
"""What the page with the six digits loads and no page of the run does."""
NAMELESS = """() => [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), select')]
    .filter(e => e.checkVisibility())
    .filter(e => !(e.innerText || e.ariaLabel || [...(e.labels ?? [])].map(l => l.innerText).join('')).trim())
    .map(e => e.outerHTML.slice(0, 90))"""
KEPT_PAGES = """async () => {
    const found = {};
    for (const name of await caches.keys()) {
        if (!name.startsWith('doorstep-pages-')) continue;
        const cache = await caches.open(name);
        for (const asked of await cache.keys()) {
            const page = await cache.match(asked);
            if (page) found[new URL(asked.url).pathname] = await page.text();
        }
    }
    return found;
}"""
KEPT_LONG_AGO = """async hours => {
    for (const name of await caches.keys()) {
        if (!name.startsWith('doorstep-pages-')) continue;
        const cache = await caches.open(name);
        for (const asked of await cache.keys()) {
            const found = await cache.match(asked);
            const headers = new Headers(found.headers);
            headers.set('X-Doorstep-Kept', String(Date.now() - hours * 3_600_000));
            await cache.put(asked, new Response(await found.text(), {headers}));
        }
    }
}"""


class Counting:
    """Counts the bytes of every answer, whoever in the browser asked."""

    def __init__(self, app: ASGIApp, sent: Counter[str]) -> None:
        self._app = app
        self._sent = sent

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def counted(message: Message) -> None:
            self._sent[scope["path"]] += len(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, counted if scope["type"] == "http" else send)


@pytest.fixture
def sent() -> Counter[str]:
    """Bytes sent, by path."""
    return Counter()


@pytest.fixture
def address(
    app: FastAPI, settings: Settings, database: Database, clock: FakeClock, sent: Counter[str]
) -> Iterator[str]:
    furnish(app, settings.model_copy(update={"demo": True}), database, nudge=lambda _: None, clock=clock)
    with served(Counting(app, sent)) as where:
        yield where


def test_a_phone_that_dies_between_writing_and_sending_loses_nothing(
    phone: Page, address: str, delivering: Delivering, database: Database
) -> None:
    job = delivering.delivery(delivering.run())
    code = delivering.code(job.tablet_id)
    open_today(phone, address, delivering)
    phone.goto(f"{address}/run/stops/{job.id}?at=door")
    held: list[Route] = []
    context = phone.context
    context.route(SCANS, lambda route: held.append(route))
    with phone.expect_request(SCANS):
        fill_hand_over(phone, code)
    assert facts_on(phone)[0]["answer"] is None
    assert told(database) == []
    phone.close()  # from here on the browser may wake the service worker by itself
    with contextlib.suppress(Error):
        held[0].abort()
    context.unroute(SCANS)
    elsewhere = context.new_page()
    elsewhere.goto(f"{address}/accessibility")
    send_in_the_background(elsewhere, address)
    wait_until(elsewhere, lambda: bool(told(database)))
    assert [each.answer for each in told(database)] == [Answer.APPLIED]
    assert delivering.again(job).state is JobState.HANDED_OVER


def send_in_the_background(page: Page, address: str) -> None:
    """What the browser does when it has signal again: it wakes the service worker, with no page of the run open."""
    tools = page.context.new_cdp_session(page)
    seen: list[dict[str, Any]] = []
    tools.on("ServiceWorker.workerRegistrationUpdated", lambda event: seen.extend(event["registrations"]))
    tools.send("ServiceWorker.enable")
    wait_until(page, lambda: bool(seen))
    asked = {"origin": address, "registrationId": seen[-1]["registrationId"], "tag": "doorstep-told"}
    tools.send("ServiceWorker.dispatchSyncEvent", {**asked, "lastChance": False})


SPOILT = """() => new Promise(resolve => {
    const asked = indexedDB.open('doorstep');
    asked.onsuccess = () => {
        const {result: database} = asked, work = database.transaction(['facts', 'settings'], 'readwrite');
        const facts = work.objectStore('facts'), all = facts.getAll();
        all.onsuccess = () => {
            const id = crypto.randomUUID();
            facts.put({...all.result[0], id, action: 'no such thing', sequence: 0, answer: null});
        };
        work.oncomplete = () => { database.close(); resolve(); };
    };
})"""
"""A fact that the hub cannot read, before all others."""
BEFORE_TIME = """const Real = Date, back = Date.now() - 120_000;
globalThis.Date = class extends Real {
    constructor(...given) { super(...(given.length ? given : [Real.now() - back])); }
    static now() { return Real.now() - back; }
};"""
"""A phone that lost its clock and woke up in 1970."""


def test_two_phones_one_in_1970_and_a_spoilt_fact_come_to_one_hand_over(
    phone: Page, address: str, delivering: Delivering, database: Database
) -> None:
    job = delivering.delivery(delivering.run())
    code = delivering.code(job.tablet_id)
    open_today(phone, address, delivering)
    phone.context.set_offline(True)
    phone.goto(f"{address}/run/stops/{job.id}?at=door")
    fill_hand_over(phone, code)
    expect(phone.get_by_text("0 of 1 left")).to_be_visible()
    phone.evaluate(SPOILT)

    browser = phone.context.browser
    assert browser is not None
    second = browser.new_context(viewport=PHONE)
    other = second.new_page()
    other.add_init_script(BEFORE_TIME)
    open_today(other, address, delivering)
    other.goto(f"{address}/run/stops/{job.id}?at=door")
    fill_hand_over(other, code)
    expect(other.get_by_role("status")).to_contain_text("lent until")
    second.close()

    phone.context.set_offline(False)
    expect(phone.get_by_role("link", name="All sent")).to_be_visible()
    assert [(each.answer, each.clock_flagged) for each in told(database)] == [
        (Answer.APPLIED, True),
        (Answer.ALREADY, False),
    ]
    assert delivering.loan_of(job).state is LoanState.ACTIVE
    phone.goto(f"{address}/run/waiting")
    expect(phone.get_by_text("Ring the hub, and tell them code and time")).to_be_visible()


def test_a_sign_in_that_ended_holds_nothing_up_and_another_courier_tells_nothing_of_it(
    phone: Page, address: str, delivering: Delivering, database: Database
) -> None:
    job = delivering.collection(delivering.run())
    code = delivering.code(job.tablet_id)
    first = delivering.courier
    open_today(phone, address, delivering)
    phone.goto(f"{address}/run/stops/{job.id}")
    phone.context.clear_cookies()
    fill_collection(phone, code)
    expect(phone.get_by_role("alert")).to_contain_text("Kept on this phone. Sign in again")
    expect(phone.get_by_role("link", name="Sign in to send 1")).to_be_visible()
    assert axe(phone) == []

    assert phone.evaluate(KEPT_PAGES) != {}
    phone.get_by_text("Menu").click()
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("status")).to_contain_text("signed out")
    assert phone.evaluate(KEPT_PAGES) == {}
    delivering.couriers.insert(0, delivering.another_courier())
    sign_in_with_six_digits(phone, address, delivering)
    expect(phone.get_by_text("Your stops appear here")).to_be_visible()
    expect(phone.locator("[data-pill]")).to_be_hidden()
    assert (told(database), len(facts_on(phone))) == ([], 1)

    delivering.couriers.insert(0, first)
    sign_in_with_six_digits(phone, address, delivering)
    expect(phone.get_by_role("link", name="All sent")).to_be_visible()
    assert [(each.courier_id, each.answer) for each in told(database)] == [(first.user_id, Answer.APPLIED)]


def test_a_phone_without_room_says_so_keeps_the_form_and_tells_it_later(
    phone: Page, address: str, delivering: Delivering, database: Database
) -> None:
    job = delivering.delivery(delivering.run())
    code = delivering.code(job.tablet_id)
    open_today(phone, address, delivering)
    phone.goto(f"{address}/run/stops/{job.id}?at=door")
    phone.evaluate(
        """() => { IDBObjectStore.prototype.kept = IDBObjectStore.prototype.add;
        IDBObjectStore.prototype.add = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"""
    )
    fill_hand_over(phone, code)
    expect(phone.get_by_role("alert")).to_contain_text(f"Write down {code} and the time")
    assert axe(phone) == []
    assert set(phone.evaluate(KEPT_PAGES)) <= {f"/run/stops/{job.id}"}
    expect(phone.get_by_label("They accept the agreement")).to_be_checked()
    phone.evaluate("() => { IDBObjectStore.prototype.add = IDBObjectStore.prototype.kept; }")
    phone.get_by_role("button", name="Hand it over").click()
    expect(phone.get_by_role("status")).to_contain_text("lent until")
    assert [each.answer for each in told(database)] == [Answer.APPLIED]


def test_a_browser_that_keeps_nothing_sends_its_forms_as_any_page_does(
    phone: Page, address: str, delivering: Delivering, database: Database
) -> None:
    job = delivering.collection(delivering.run())
    phone.context.add_init_script("indexedDB.open = () => { throw new DOMException('no', 'InvalidStateError'); }")
    sign_in_with_six_digits(phone, address, delivering)
    phone.goto(f"{address}/run/stops/{job.id}")
    fill_collection(phone, delivering.code(job.tablet_id))
    expect(phone.get_by_role("status")).to_contain_text("Collected")
    assert [(each.source, each.answer) for each in told(database)] == [("page", Answer.APPLIED)]


def test_a_kept_page_goes_when_its_time_is_over_or_the_clock_went_back(
    phone: Page, address: str, delivering: Delivering
) -> None:
    delivering.collection(delivering.run())
    open_today(phone, address, delivering)
    for hours in (40, -2):
        phone.goto(f"{address}/run")
        expect(phone.locator("[data-on-phone]")).to_be_visible()
        assert "Sample Court" in str(phone.evaluate(KEPT_PAGES))
        phone.context.set_offline(True)
        phone.reload()
        expect(phone.get_by_text("Sample Court")).to_be_visible()
        phone.evaluate(KEPT_LONG_AGO, hours)
        phone.reload()
        expect(phone.get_by_role("heading", name="No signal here")).to_be_visible()
        assert phone.evaluate(KEPT_PAGES) == {}
        phone.context.set_offline(False)
    assert axe(phone) == []


def test_the_stops_of_a_run_that_was_handed_on_are_gone_from_the_phone_with_the_next_signal(
    phone: Page, address: str, delivering: Delivering
) -> None:
    run = delivering.run()
    handed_on, stays = delivering.delivery(run), delivering.delivery(delivering.run())
    open_today(phone, address, delivering)
    path, own = f"/run/stops/{handed_on.id}", f"/run/stops/{stays.id}"
    assert {path, own} < set(phone.evaluate(KEPT_PAGES))
    other = delivering.another_courier().user_id
    delivering.do(service.hand_on, run.id, courier_id=other, settings=delivering.lending.settings)
    phone.reload()
    wait_until(phone, lambda: path not in phone.evaluate(KEPT_PAGES))
    assert own in phone.evaluate(KEPT_PAGES)


def test_the_app_is_small_comes_from_here_and_can_be_used_by_everybody(
    phone: Page, address: str, delivering: Delivering, sent: Counter[str]
) -> None:
    job = delivering.collection(delivering.run())
    sign_in_with_six_digits(phone, address, delivering)
    expect(phone.get_by_text("This run is on your phone")).to_be_visible()
    phone.goto(f"{address}/run/stops/{job.id}")
    bytes_sent = sum(number for path, number in sent.items() if path not in DECODER | SIGN_IN_ONLY)
    assert 100_000 < bytes_sent < MOST_BYTES, sent.most_common(8)
    phone.context.set_offline(True)
    fill_collection(phone, delivering.code(job.tablet_id))
    expect(phone.get_by_text("0 of 1 left")).to_be_visible()
    for path in ("/run", f"/run/stops/{job.id}", "/run/hub", "/run/waiting"):
        phone.goto(address + path)
        expect(phone.get_by_role("link", name="1 waiting to send")).to_be_visible()
        assert axe(phone) == [], path
        assert phone.evaluate(NAMELESS) == [], path
        for size in (NARROWEST, ZOOMED):
            phone.set_viewport_size(size)
            assert sideways_scroll(phone) == 0, path
        phone.set_viewport_size(PHONE)
