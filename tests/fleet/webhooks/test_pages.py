"""A hub admin, or their program, says who is told; the secret is shown once; nobody else may look."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from fleet.clock import LONDON
from fleet.settings import Settings
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.webhooks.conftest import Telling
from tests.fleet.webhooks.receiver import Mood
from tests.people import Browser

pytestmark = ON_SQLITE
FORM = {"name": "Sample dashboard", "url": "https://receiver.example/doorstep", "subjects": ["loan.*"], "kinds": ""}


@pytest.fixture
def admin(browser_as: Callable[..., Browser]) -> Browser:
    return browser_as(Role.HUB_ADMIN)


def test_an_admin_adds_a_webhook_and_sees_its_secret_once(admin: Browser) -> None:
    made = admin.submit("/webhooks/new", FORM | {"kinds": "tablet.lose, tablet.find"})
    found = re.search(r"whsec_[A-Za-z0-9+/=]{44}", made.text)
    assert found is not None
    assert "whsec_" not in admin.get("/webhooks/1").text
    assert "everything about loans; tablet.find; tablet.lose" in admin.get("/webhooks").text
    assert "tablet.find tablet.lose" in admin.get("/webhooks/1/change").text
    other = re.search(r"whsec_[A-Za-z0-9+/=]{44}", admin.submit("/webhooks/1/secret").text)
    assert other is not None
    assert other.group() != found.group()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Say in 1 to 120 letters"),
        ({"url": "https://192.168.1.4/"}, "outside your own network"),
        ({"url": "ftp://receiver.example/"}, "begins with https"),
        ({"subjects": []}, "Choose at least one kind"),
        ({"kinds": "person.changed"}, "no kind of event called person.changed"),
    ],
)
def test_what_will_not_do_is_said_beside_its_field(admin: Browser, wrong: dict[str, object], said: str) -> None:
    answer = admin.submit("/webhooks/new", FORM | wrong)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert "Sample dashboard" not in admin.get("/webhooks").text


def test_what_could_not_be_delivered_is_said_and_sent_again(
    telling: Telling, browser_as: Callable[..., Browser]
) -> None:
    telling.listen("tablet.*")
    telling.receiver.moods = [Mood.BREAKS] * 9
    telling.happen()
    telling.work_through()
    admin = browser_as(Role.HUB_ADMIN)
    listed = admin.get("/webhooks").text
    assert "Some failed" in listed
    assert "1 failed" in listed
    assert "messages to programs failed" in admin.get("/").text
    page = admin.get("/webhooks/1").text
    assert "It answered 500." in page
    again = re.search(r"/webhooks/deliveries/\d+/again", page)
    assert again is not None
    assert admin.submit(again.group()).status_code == 303
    telling.work()
    assert len(telling.receiver.taken) == 1
    assert "Delivered" in admin.get("/webhooks/1").text
    assert "tablet.kit" in admin.get("/webhooks/1?format=csv").text


@pytest.mark.parametrize("mood", [Mood.BREAKS, Mood.HANGS_UP])
def test_what_waits_after_a_try_is_not_called_well_and_says_when_it_is_tried_next(
    telling: Telling, admin: Browser, mood: Mood
) -> None:
    telling.listen("tablet.*")
    telling.receiver.moods = [mood] * 2
    telling.happen()
    assert "Not taken" not in admin.get("/webhooks").text, "nobody has tried yet"
    for _ in range(2):
        telling.work()
        telling.clock.advance(seconds=10)
    listed, page = admin.get("/webhooks").text, admin.get("/webhooks/1").text
    assert "1 waiting" in listed
    assert "Not taken" in listed or "Not reached" in listed
    (waiting,) = telling.deliveries()
    next_try = max(waiting.next_at, telling.webhook().rests_until or waiting.next_at)
    assert f"Next try on {next_try.astimezone(LONDON):%-d %b, %H:%M}." in page


def test_an_admin_tries_stops_and_takes_a_webhook_away(telling: Telling, admin: Browser) -> None:
    telling.listen("tablet.*")
    admin.submit("/webhooks/1/ping")
    telling.work()
    assert '"type":"doorstep.ping"' in next(iter(telling.receiver.bodies.values()))
    admin.submit("/webhooks/1/stop")
    telling.happen()
    assert admin.submit("/webhooks/1/ping").status_code == 409
    assert len(telling.deliveries()) == 1
    admin.submit("/webhooks/1/resume")
    telling.happen()
    telling.work()
    assert len(telling.receiver.taken) == 2
    admin.submit("/webhooks/1/remove")
    assert admin.get("/webhooks/1").status_code == 404
    assert telling.deliveries() == []


def test_a_program_does_the_same_and_lists_what_became_of_each_message(telling: Telling, admin: Browser) -> None:
    asked = {"name": "Sample", "url": telling.receiver.url, "kinds": ["tablet.*"]}
    made = admin.post("/api/v1/webhooks", json=asked, headers={"Idempotency-Key": "one"})
    again = admin.post("/api/v1/webhooks", json=asked, headers={"Idempotency-Key": "one"})
    assert made.status_code == again.status_code == 201
    assert made.json()["secret"] == again.json()["secret"], "a line that broke does not lose the secret"
    telling.receiver.secrets.append(made.json()["secret"])
    here = f"/api/v1/webhooks/{made.json()['id']}"
    assert "secret" not in admin.get(here).json()
    assert [each["id"] for each in admin.get("/api/v1/webhooks").json()["items"]] == [made.json()["id"]]
    telling.happen()
    telling.work()
    (told,) = admin.get(f"{here}/deliveries?state=delivered").json()["items"]
    assert (told["kind"], told["tries"], told["status"]) == ("tablet.kit", 1, 204)
    assert admin.post(f"/api/v1/webhook-deliveries/{told['id']}/again").status_code == 202
    assert admin.post(f"/api/v1/webhook-deliveries/{told['id']}/again").status_code == 409
    other = admin.post(f"{here}/secret").json()
    assert other["old_until"]
    assert admin.put(here, json=asked | {"kinds": ["nothing"]}).status_code == 422
    assert admin.put(here, json=asked | {"kinds": ["loan.*"]}).json()["kinds"] == ["loan.*"]
    assert admin.post(f"{here}/stop").json()["stopped_at"]
    assert admin.post(f"{here}/resume").json()["stopped_at"] is None
    gone = [admin.delete(here, headers={"Idempotency-Key": "two"}) for _ in range(2)]
    assert [each.status_code for each in gone] == [204, 204]
    assert admin.get(here).status_code == 404


def test_nobody_but_a_hub_admin_may_look(browser_as: Callable[..., Browser], settings: Settings) -> None:
    assert settings.demo
    for role in (Role.COORDINATOR, Role.TECHNICIAN, Role.REFERRER):
        assert browser_as(role).get("/webhooks").status_code == 403
        assert browser_as(role).get("/api/v1/webhooks").status_code == 403
