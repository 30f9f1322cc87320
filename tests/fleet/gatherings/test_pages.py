"""The catalogue in a browser and for programs: who sees which link, what a wrong form says, what a tablet tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from fleet.database.session import Database
from fleet.gatherings import service
from fleet.gatherings.models import Gathering
from fleet.happening import Happening
from fleet.partners.models import Organisation
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.gatherings import MUSIC_MORNING
from tests.people import Browser, FakeClock

TYPED = {
    "title": "Music morning",
    "theme": "music",
    "weekday": "1",
    "starts_at": "10:30",
    "minutes": "60",
    "language": "en",
    "platform": "zoom",
    "link": "https://zoom.us/j/12345678901?pwd=Meadowlark77",
}


@pytest.fixture
def music(database: Database, hub: Organisation, actor: Callable[..., Actor], clock: FakeClock) -> Gathering:
    coordinator = actor(Role.COORDINATOR)
    with database.write() as session:
        entry = replace(MUSIC_MORNING, host_id=hub.id)
        return service.propose(session, entry, actor=coordinator, happening=Happening(now=clock()))


def test_a_coordinator_adds_a_gathering_and_only_those_who_may_join_see_its_link(
    hub: Organisation, browser_as: Callable[..., Browser]
) -> None:
    coordinator, technician = browser_as(Role.COORDINATOR), browser_as(Role.TECHNICIAN)
    answer = coordinator.submit("/gatherings/new", {**TYPED, "host_id": str(hub.id)})
    assert answer.status_code == 303
    address = answer.headers["location"].split("?")[0]
    assert "Meadowlark77" in coordinator.get(address).text
    seen = technician.get(address).text
    assert "zoom.us" in seen
    assert (
        "Meadowlark77" not in seen + technician.get("/gatherings").text + technician.get("/gatherings?format=csv").text
    )
    number = address.rsplit("/", 1)[1]
    assert technician.get(f"/api/v1/gatherings/{number}").json()["link"] is None
    assert coordinator.get(f"/api/v1/gatherings/{number}").json()["link"] == TYPED["link"]
    assert technician.get(f"{address}/edit").status_code == 403


def test_a_form_with_mistakes_comes_back_with_what_was_typed(
    hub: Organisation, browser_as: Callable[..., Browser]
) -> None:
    typed = {**TYPED, "host_id": str(hub.id), "link": "http://zoom.us/j/1", "weekday": "", "minutes": "an hour"}
    answer = browser_as(Role.COORDINATOR).submit("/gatherings/new", typed)
    assert answer.status_code == 422
    assert "Choose the day." in answer.text
    assert "http://zoom.us/j/1" in answer.text
    assert "Enter how many minutes it lasts" in answer.text


def test_a_partner_proposes_their_own_and_a_coordinator_approves(
    hub: Organisation, browser_as: Callable[..., Browser]
) -> None:
    partner, coordinator = browser_as(Role.PARTNER_LEAD, organisation_id=hub.id), browser_as(Role.COORDINATOR)
    address = partner.submit("/gatherings/new", TYPED).headers["location"].split("?")[0]
    assert "Proposed" in partner.get(address).text
    assert partner.submit(f"{address}/moves/approve").status_code == 403
    assert coordinator.submit(f"{address}/moves/approve").status_code == 303
    assert "Approved" in coordinator.get(address).text
    assert partner.get(f"{address}/edit").status_code == 403


def test_an_edit_is_seen_on_the_tablet_in_the_list_and_on_the_gatherings_page(
    database: Database,
    clock: FakeClock,
    music: Gathering,
    stock: Callable[..., Tablet],
    browser_as: Callable[..., Browser],
) -> None:
    carrier, other = stock(Stage.READY), stock(Stage.READY)
    with database.write() as session:
        tablets.record_gatherings(session, carrier.id, [(music.id, 1)], now=clock())
    coordinator = browser_as(Role.COORDINATOR)
    assert "out of date" not in coordinator.get(f"/tablets/{carrier.id}").text.lower()
    moved = {**TYPED, "platform": "jitsi", "link": "https://meet.example.org/Moved", "host_id": str(music.host_id)}
    answer = coordinator.submit(f"/gatherings/{music.id}/edit", moved)
    assert answer.status_code == 303
    assert "Its tiles are out of date" in coordinator.get(f"/tablets/{carrier.id}").text
    found = coordinator.get("/tablets?tiles=out_of_date").text
    assert carrier.serial in found
    assert other.serial not in found
    assert "One tablet shows it as it was before." in coordinator.get(f"/gatherings/{music.id}").text
    assert f"{carrier.id}," in coordinator.get(f"/gatherings/{music.id}?format=csv").text
    listed = coordinator.get("/api/v1/tablets?tiles=out_of_date").json()["items"]
    assert [(each["id"], each["tiles_out_of_date"]) for each in listed] == [(carrier.id, True)]


def test_a_programmes_gatherings_are_chosen_in_order(
    music: Gathering, hub: Organisation, browser_as: Callable[..., Browser]
) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    made = coordinator.post("/api/v1/programmes", json={"name": "Sample taster"}).json()
    address = f"/programmes/{made['id']}/gatherings"
    assert coordinator.submit(address, {"gathering_2": str(music.id)}).status_code == 303
    assert coordinator.get(f"/api/v1{address}").json() == {"gathering_ids": [music.id]}
    assert coordinator.submit(address, {"gathering_1": "999999"}).status_code == 422
