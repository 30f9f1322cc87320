"""What a courier does with a phone, in a real browser: signs in, scans, ticks; and what the phone and the hub know of
it then. The fixtures `address` and `phone` are in conftest.py."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from fleet.database.session import Database
from fleet.deliveries.models import Scan
from fleet.users import service as users
from tests.delivering import Delivering
from tests.fleet.deliveries.film import Shot, make_film

KEPT = "Kept on this phone"
NO_BACKGROUND_SYNC = "Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', {value: undefined})"
"""The browser sends nothing by itself: that a test switched the network off is known to its pages, and not always to
the browser."""
HAS_DECODER = """async () => {
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        if (await cache.match('/static/vendor/zxing_reader.wasm', {ignoreSearch: true})) return true;
    }
    return false;
}"""
FACTS = """() => new Promise(resolve => {
    const asked = indexedDB.open('doorstep');
    asked.onsuccess = () => {
        const all = asked.result.transaction('facts').objectStore('facts').getAll();
        all.onsuccess = () => { asked.result.close(); resolve(all.result); };
    };
})"""


def sign_in_with_six_digits(phone: Page, address: str, delivering: Delivering) -> None:
    lending = delivering.lending
    courier_id = delivering.courier.user_id
    assert courier_id is not None
    planner = delivering.planner
    with lending.database.write() as session:
        _, code = users.make_courier_link(
            session, user_id=courier_id, actor=planner, now=lending.clock(), settings=lending.settings
        )
    phone.goto(f"{address}/c")
    phone.get_by_label("Six digits").fill(code)
    phone.get_by_role("button", name="Start my run").click()


def open_today(phone: Page, address: str, delivering: Delivering) -> None:
    """Sign in and wait until the run is on the phone."""
    sign_in_with_six_digits(phone, address, delivering)
    expect(phone.get_by_text("This run is on your phone")).to_be_visible()


def scan(phone: Page, code: str) -> None:
    """What a USB scanner does: types the code and presses Enter."""
    field = phone.get_by_label("Scan the label, or type its code").first
    field.fill(code)
    field.press("Enter")


def hold_before_camera(film: Path, *labels: Image.Image) -> None:
    """These labels come before the camera, one after the other, once it is opened."""
    make_film(film, [Shot(label, tilt=0.1, turn=6) for label in labels])


def tick_hand_over(phone: Page) -> None:
    """What is asked at a door once the label was right."""
    phone.get_by_label("The person who borrows it").check()
    phone.get_by_label("They accept the agreement").check()
    phone.get_by_label("Turned it on").check()
    phone.get_by_role("button", name="Hand it over").click()


def tick_collection(phone: Page) -> None:
    phone.get_by_label("Yes", exact=True).check()
    phone.get_by_role("button", name="Collect it").click()


def fill_hand_over(phone: Page, code: str) -> None:
    scan(phone, code)
    tick_hand_over(phone)


def fill_collection(phone: Page, code: str) -> None:
    scan(phone, code)
    tick_collection(phone)


def told(database: Database) -> list[Scan]:
    """What the hub was told, in the order in which it came."""
    with database.read() as session:
        return list(session.scalars(select(Scan).order_by(Scan.id)))


def facts_on(phone: Page) -> list[dict[str, Any]]:
    """What the phone keeps."""
    found: list[dict[str, Any]] = phone.evaluate(FACTS)
    return found


def wait_until(page: Page, what: Callable[[], bool]) -> None:
    """For what no page shows."""
    for _ in range(600):
        if what():
            return
        page.wait_for_timeout(50)
    raise AssertionError("It did not happen within 30 seconds.")
