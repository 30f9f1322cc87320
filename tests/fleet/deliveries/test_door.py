"""What is told and shown at a door besides the scan: a signature, a photo, a battery that is hot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from uuid import uuid4

import pytest
from fastapi import FastAPI
from httpx2 import Response
from PIL import Image

from fleet.bundles import service as bundles
from fleet.bundles.rules import SimKind
from fleet.deliveries.facts import Details
from fleet.deliveries.photos import LARGEST_PHOTO_BYTES
from fleet.deliveries.rules import Action, Answer
from fleet.loans import service as loans
from fleet.loans.rules import HandedTo, LoanState
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import HoldKind
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser

pytestmark = ON_SQLITE

DRAWN = "M20 80L60 40L90 100M100 90L140 60"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A hub that takes photos."""
    return settings.model_copy(update={"courier_photos": True})


@pytest.fixture
def courier(browser_as: Callable[..., Browser], delivering: Delivering) -> Browser:
    browser = browser_as(Role.COURIER)
    assert browser.actor is not None
    delivering.couriers.insert(0, browser.actor)
    return browser


def picture(kind: str = "JPEG", size: tuple[int, int] = (2400, 1200)) -> bytes:
    """A photo with what phones write into theirs."""
    exif = Image.Exif()
    exif[0x010E] = "marked place"
    out = BytesIO()
    Image.new("RGB", size, (90, 120, 90)).save(out, kind, exif=exif)
    return out.getvalue()


def send(browser: Browser, fact_id: str, photo: bytes) -> Response:
    return browser.submit(f"/run/facts/{fact_id}/photo", {}, files={"photo": ("photo.jpg", photo)})


@pytest.mark.parametrize(("kind", "asked"), [(SimKind.SIM, True), (SimKind.MIFI, False), (SimKind.ESIM, False)])
def test_a_tray_is_looked_into_only_where_a_card_is(
    courier: Browser, delivering: Delivering, kind: SimKind, asked: bool
) -> None:
    job = delivering.collection(delivering.run())
    with delivering.lending.database.write() as session:
        link = loans.open_sim(session, job.loan_id or 0)
        assert link is not None
        bundles.get_sim(session, link.sim_id).kind = kind
    assert ("Is the SIM in its tray?" in courier.get(f"/run/stops/{job.id}").text) is asked
    told = courier.submit(f"/run/stops/{job.id}/collect", {"code": delivering.code(job.tablet_id), "condition": "good"})
    assert told.status_code == 303


def test_whoever_signs_accepts_the_agreement(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    signed = Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, signature=DRAWN)
    unsigned = replace(signed, signature="")
    assert delivering.tell_one(delivering.fact(Action.HAND_OVER, job, details=unsigned)).reason == "agreement_needed"
    assert delivering.tell_one(delivering.fact(Action.HAND_OVER, job, details=signed)).answer is Answer.APPLIED
    assert delivering.loan_of(job).agreement_accepted_at is not None


def test_what_was_signed_is_for_coordinators_alone(
    browser_as: Callable[..., Browser], courier: Browser, delivering: Delivering
) -> None:
    job = delivering.delivery(delivering.run())
    signed = Details(handed_to=HandedTo.CARER, phrase_heard=True, signature=DRAWN)
    delivering.tell_one(delivering.fact(Action.HAND_OVER, job, details=signed))
    address = f"/courier-runs/of-loan/{job.loan_id}"
    page = browser_as(Role.COORDINATOR).get(address)
    assert DRAWN in page.text
    assert "Handed to: a carer" in page.text
    assert f'href="{address}"' in browser_as(Role.COORDINATOR).get(f"/loans/{job.loan_id}").text
    for browser in (courier, browser_as(Role.TECHNICIAN)):
        assert browser.get(address).status_code == 403
    assert DRAWN not in courier.get(f"/run/stops/{job.id}").text


def test_a_photo_is_kept_small_and_bare_and_for_coordinators_alone(
    browser_as: Callable[..., Browser], courier: Browser, delivering: Delivering
) -> None:
    job = delivering.delivery(delivering.run())
    fact = delivering.fact(Action.HAND_OVER, job)
    delivering.tell_one(fact)
    for _ in range(2):
        assert send(courier, fact.id, picture()).status_code == 204
    coordinator = browser_as(Role.COORDINATOR)
    address = f"/courier-runs/facts/{fact.id}/photo"
    assert f'src="{address}"' in coordinator.get(f"/courier-runs/of-loan/{job.loan_id}").text
    kept = Image.open(BytesIO(coordinator.get(address).content))
    assert (kept.format, kept.size, dict(kept.getexif())) == ("JPEG", (1600, 800), {})
    assert courier.get(address).status_code == 403


@pytest.mark.parametrize(
    ("photo", "status", "words"),
    [
        (b"no picture at all", 422, "no picture that can be read"),
        (picture()[:900], 422, "no picture that can be read"),
        (b"\0" * (LARGEST_PHOTO_BYTES + 10), 413, "larger than 8 MB"),
        (b"\0" * 40_000_000, 413, "larger than 8 MB"),
    ],
    ids=["text", "half a photo", "a little too large", "40 MB"],
)
def test_a_photo_that_cannot_be_kept_says_so_and_loses_no_fact(
    courier: Browser, delivering: Delivering, photo: bytes, status: int, words: str
) -> None:
    job = delivering.delivery(delivering.run())
    fact = delivering.fact(Action.HAND_OVER, job)
    delivering.tell_one(fact)
    answer = send(courier, fact.id, photo)
    assert answer.status_code == status
    assert "What you told is kept" in answer.text
    assert words in answer.text
    assert delivering.loan_of(job).state is LoanState.ACTIVE
    assert delivering.tell_one(fact).replayed


def test_a_photo_belongs_to_a_fact_of_the_courier_who_sends_it(
    browser_as: Callable[..., Browser], courier: Browser, delivering: Delivering
) -> None:
    job = delivering.delivery(delivering.run())
    fact = delivering.fact(Action.HAND_OVER, job)
    delivering.tell_one(fact)
    theirs = send(browser_as(Role.COURIER), fact.id, picture())
    none = send(courier, str(uuid4()), picture())
    assert theirs.status_code == none.status_code == 404


def test_a_hub_that_takes_no_photos_asks_for_none(
    app: FastAPI, courier: Browser, delivering: Delivering, settings: Settings
) -> None:
    job = delivering.delivery(delivering.run())
    delivering.tell_one(delivering.fact(Action.LOAD, job))
    assert 'name="photo"' in courier.get(f"/run/stops/{job.id}").text
    app.state.settings = settings.model_copy(update={"courier_photos": False})
    assert 'name="photo"' not in courier.get(f"/run/stops/{job.id}").text
    fact = delivering.fact(Action.HAND_OVER, job)
    delivering.tell_one(fact)
    assert send(courier, fact.id, picture()).status_code == 403


def test_a_hot_tablet_is_stopped_by_one_tap_from_any_screen(courier: Browser, delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    delivering.tell_one(delivering.fact(Action.LOAD, job))
    for path in ("/run", "/run/hub", f"/run/stops/{job.id}", "/run/waiting"):
        assert 'href="/run/hazard"' in courier.get(path).text, path
    page = courier.get("/run/hazard").text
    assert "Do not carry it. Put it down outside, away from anything that burns." in page
    assert "020 7946" in page
    code = delivering.code(job.tablet_id)
    assert f"It is {code}" in page
    courier.submit("/run/hazard", {"code": code, "fact_id": str(uuid4())})
    holds = delivering.lending.read(tablets.open_holds, job.tablet_id)
    assert [hold.kind for hold in holds] == [HoldKind.SAFETY]
    told = delivering.scans()[-1]
    assert (told.action, told.needs_review, told.tablet_id) == (Action.HAZARD, True, job.tablet_id)


@pytest.mark.parametrize("code", ["", "something unreadable", "K7F3-QX"], ids=["none", "no code", "of no tablet"])
def test_a_hazard_without_a_tablet_that_we_know_still_reaches_the_coordinator(
    browser_as: Callable[..., Browser], delivering: Delivering, code: str
) -> None:
    fact = replace(delivering.fact(Action.HAZARD, delivering.delivery(delivering.run())), code=code, run=None)
    first, again = delivering.tell(fact)[0], delivering.tell(fact)[0]
    assert (first.answer, again.replayed, len(delivering.scans())) == (Answer.APPLIED, True, 1)
    assert first.sentence.startswith("Do not carry it.")
    assert "Do not carry it." in browser_as(Role.COORDINATOR).get("/courier-runs/conflicts").text


def test_only_a_hazard_may_name_no_tablet(courier: Browser) -> None:
    told = {"id": str(uuid4()), "code": "", "action": "hazard", "occurred_at": "2026-06-01T09:00:00Z", "sequence": 1}
    assert courier.post("/api/v1/scans", json=told).json()["answer"] == "applied"
    loaded = courier.post("/api/v1/scans", json=told | {"id": str(uuid4()), "action": "load"})
    assert loaded.status_code == 422
