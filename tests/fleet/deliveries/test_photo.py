"""The photo a courier takes at a door, in real Chromium: small and bare on the phone already, kept there without
signal, and at the hub once there is one."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from fleet.database.session import Database
from fleet.deliveries.photos import LONGEST_SIDE, photo_path
from fleet.settings import Settings
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.in_hand import (
    KEPT,
    facts_on,
    open_today,
    scan,
    tick_hand_over,
    told,
    wait_until,
)

pytestmark = [pytest.mark.browser, ON_SQLITE]

PLACE = "51.5074 north, a marked place"
PHOTOS = """() => new Promise(resolve => {
    const asked = indexedDB.open('doorstep');
    asked.onsuccess = () => {
        const all = asked.result.transaction('facts').objectStore('facts').getAll();
        all.onsuccess = async () => {
            asked.result.close();
            const photos = all.result.map(fact => fact.photo).filter(Boolean);
            resolve(await Promise.all(photos.map(async each => [...new Uint8Array(await each.arrayBuffer())])));
        };
    };
})"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A hub that takes photos."""
    return settings.model_copy(update={"courier_photos": True})


def from_a_camera() -> bytes:
    """What a phone's camera gives: large, lying on its side, and with what it writes beside the picture."""
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = PLACE, 6
    out = BytesIO()
    Image.radial_gradient("L").resize((2400, 1800)).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_a_photo_is_made_bare_kept_without_signal_and_sent_after_its_fact(
    phone: Page, address: str, delivering: Delivering, database: Database, settings: Settings
) -> None:
    job = delivering.delivery(delivering.run())
    open_today(phone, address, delivering)
    phone.goto(f"{address}/run/stops/{job.id}?at=door")
    phone.context.set_offline(True)
    scan(phone, delivering.code(job.tablet_id))
    field = phone.get_by_label("A photo of the tablet, if you like")
    field.set_input_files({"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": b"no picture at all"})
    expect(phone.get_by_text("no picture that the phone can read")).to_be_visible()
    field.set_input_files({"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": from_a_camera()})
    expect(phone.get_by_text("The photo is taken. It is sent after what you tell.")).to_be_visible()
    tick_hand_over(phone)
    expect(phone.get_by_text(KEPT)).to_be_visible()
    (on_the_phone,) = photos_on(phone)
    assert_bare(on_the_phone)
    assert told(database) == []

    phone.context.set_offline(False)
    expect(phone.get_by_role("link", name="All sent")).to_be_visible()
    at_the_hub = photo_path(settings.data_dir, facts_on(phone)[0]["id"])
    wait_until(phone, at_the_hub.is_file)
    wait_until(phone, lambda: photos_on(phone) == [])
    assert_bare(at_the_hub.read_bytes())


def photos_on(phone: Page) -> list[bytes]:
    """The photos that the phone keeps."""
    return [bytes(each) for each in phone.evaluate(PHOTOS)]


def assert_bare(photo: bytes) -> None:
    """A JPEG the right way up, no larger than it need be, with nothing of what the camera wrote beside it."""
    with Image.open(BytesIO(photo)) as picture:
        size = (LONGEST_SIDE * 3 // 4, LONGEST_SIDE)
        assert (picture.format, picture.size, dict(picture.getexif())) == ("JPEG", size, {})
    assert PLACE.encode() not in photo
