"""What the hub gives a phone to keep, for how long, and whose facts it takes from one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PIL import Image

from fleet.deliveries.rules import Action
from fleet.deliveries.shell import MANIFEST, shell_files, worker_script
from fleet.users.rules import Role
from fleet.web.assets import STATIC_FOLDER
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.test_api import body, phone
from tests.people import Browser

pytestmark = ON_SQLITE

END_OF_DAY = datetime(2026, 6, 2, 23, 0, tzinfo=UTC)
"""Midnight in London after the run's day, and the 24 hours of the settings."""


def moment(header: str) -> datetime:
    return datetime.fromtimestamp(int(header) / 1000, UTC)


def test_a_page_says_whose_it_is_and_until_when_it_may_be_kept(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    run = delivering.run()
    done, waits = delivering.delivery(run), delivering.collection(run)
    at = delivering.lending.clock()
    delivering.tell_one(delivering.fact(Action.HAND_OVER, done))
    assert courier.actor is not None
    for path, until in (
        ("/run", END_OF_DAY),
        ("/run/hub", END_OF_DAY),
        ("/run/waiting", END_OF_DAY),
        (f"/run/stops/{waits.id}", END_OF_DAY),
        (f"/run/stops/{done.id}", delivering.at(hours=0).replace(day=2)),
    ):
        answer = courier.get(path)
        assert moment(answer.headers["x-doorstep-until"]) == until, path
        assert moment(answer.headers["x-doorstep-now"]) == at
        assert answer.headers["x-doorstep-person"] == str(courier.actor.user_id)
        assert answer.headers["cache-control"] == "no-store"


def test_the_list_of_the_day_holds_nothing_personal_of_a_stop_that_is_done(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    run = delivering.run()
    job = delivering.delivery(run)
    address = re.search(r"\d+ Sample Court", courier.get("/run").text)
    assert address
    delivering.tell_one(delivering.fact(Action.HAND_OVER, job))
    assert address.group() not in courier.get("/run").text
    assert address.group() in courier.get(f"/run/stops/{job.id}").text


def test_after_the_last_but_one_door_the_phone_says_that_one_is_left(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    run = delivering.run()
    jobs = [delivering.collection(run) for _ in range(3)]
    for job, is_last in zip(jobs[:2], (False, True), strict=True):
        form = {"code": delivering.code(job.tablet_id), "condition": "good", "sim_in_tray": "yes"}
        onward = courier.submit(f"/run/stops/{job.id}/collect", form).headers["location"]
        assert ("This is the last stop." in courier.get(onward).text) is is_last
    assert onward == f"/run/stops/{jobs[2].id}"
    delivering.tell_one(delivering.fact(Action.COLLECT, jobs[2]))
    assert "the last stop" not in courier.get(onward).text


def test_what_says_once_what_was_done_is_not_kept(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    courier = phone(browser_as, delivering)
    run = delivering.run(accepted=False)
    courier.submit(f"/run/{run.id}/accept")
    assert "x-doorstep-until" not in courier.get("/run").headers
    assert "x-doorstep-until" in courier.get("/run").headers


def test_a_stop_that_is_no_longer_theirs_is_not_to_be_kept(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    other = delivering.delivery(delivering.run(delivering.another_courier()))
    answer = courier.get(f"/run/stops/{other.id}")
    assert (answer.status_code, "x-doorstep-until" in answer.headers) == (404, False)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_website_cannot_make_a_courier_tell_anything(
    browser_as: Callable[..., Browser], delivering: Delivering, site: str
) -> None:
    courier = phone(browser_as, delivering)
    fact = body(delivering.fact(Action.LOAD, delivering.delivery(delivering.run())))
    told = courier.post("/api/v1/scans", json=fact, headers={"sec-fetch-site": site})
    assert told.status_code == 403
    as_old_browsers_do = {"origin": "https://elsewhere.example"}
    assert courier.post("/api/v1/scans", json=fact, headers=as_old_browsers_do).status_code == 403
    as_a_form_could = {"content-type": "text/plain", "sec-fetch-site": "same-origin"}
    assert courier.post("/api/v1/scans", content=json.dumps(fact), headers=as_a_form_could).status_code == 422
    assert delivering.scans() == []


def test_facts_are_taken_only_in_the_name_of_who_told_them(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    assert courier.actor is not None
    fact = body(delivering.fact(Action.LOAD, delivering.delivery(delivering.run())))
    other = {"X-Doorstep-Person": str((courier.actor.user_id or 0) + 1)}
    refused = courier.post("/api/v1/scans", json=fact, headers=other)
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")
    assert delivering.scans() == []
    own = {"X-Doorstep-Person": str(courier.actor.user_id)}
    taken = courier.post("/api/v1/scans", json=fact, headers=own)
    assert (taken.json()["answer"], moment(taken.headers["x-doorstep-now"])) == ("applied", delivering.lending.clock())


def test_the_service_worker_may_answer_for_the_run_and_names_every_script_of_it(
    browser_as: Callable[..., Browser],
) -> None:
    answer = browser_as().get("/run/service-worker.js")
    assert (answer.headers["cache-control"], answer.headers["service-worker-allowed"]) == ("no-cache", "/run")
    assert answer.text == worker_script()
    files = [address.partition("?")[0].removeprefix("/static/") for address in shell_files()]
    assert all((STATIC_FOLDER / name).is_file() for name in files)
    assert {f"js/phone/{path.name}" for path in (STATIC_FOLDER / "js" / "phone").glob("*.js")} <= set(files)


def test_the_app_is_installed_under_its_own_name_picture_and_colours(browser_as: Callable[..., Browser]) -> None:
    answer = browser_as().get("/run/manifest.webmanifest")
    assert answer.headers["content-type"].startswith("application/manifest+json")
    told = answer.json()
    assert told == MANIFEST
    assert (told["start_url"], told["scope"], told["display"]) == ("/run", "/run", "standalone")
    tokens = (STATIC_FOLDER / "css" / "tokens.css").read_text()
    assert f"--pine: {told['theme_color']};" in tokens
    assert f"--mist: {told['background_color']};" in tokens
    for icon in told["icons"]:
        with Image.open(STATIC_FOLDER / icon["src"].removeprefix("/static/")) as picture:
            assert "x".join(map(str, picture.size)) == icon["sizes"]
    assert [icon.get("purpose") for icon in told["icons"]] == [None, None, "maskable"]


def test_without_signal_a_stranger_learns_nothing(browser_as: Callable[..., Browser]) -> None:
    answer = browser_as(Role.COURIER).get("/run/away")
    assert "x-doorstep-until" not in answer.headers
    stranger = browser_as().get("/run/away")
    assert stranger.status_code == 200
    assert "Sign out" not in stranger.text
    assert browser_as().get("/run/waiting").status_code == 303
