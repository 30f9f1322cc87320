"""A lost tablet that is scanned: one of us is told in large words, a stranger no more than ever."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.database.session import Database
from fleet.happening import Happening
from fleet.tablets import queries as tablet_queries
from fleet.tablets.models import Tablet
from fleet.tablets.rules import DataState, Stage
from fleet.tags.rules import shown
from fleet.tags.service import make_tags
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser, FakeClock

pytestmark = ON_SQLITE

SAME_ORIGIN = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def lost(
    database: Database, stock: Callable[..., Tablet], actor: Callable[..., Actor], clock: FakeClock
) -> tuple[int, str]:
    """A lost tablet and its code."""
    tablet = stock(Stage.LOST)
    with database.write() as session:
        tag = make_tags(session, [tablet.id], actor=actor(Role.TECHNICIAN), happening=Happening(clock()))[0]
    return tablet.id, shown(tag.code)


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.COORDINATOR, Role.COURIER])
def test_a_lost_tablet_leads_one_of_us_to_its_own_page_wherever_it_is_scanned(
    browser_as: Callable[..., Browser], lost: tuple[int, str], role: Role
) -> None:
    tablet_id, code = lost
    browser = browser_as(role)
    assert browser.get(f"/T/{code}").headers["location"] == f"/desk/lost/{tablet_id}"
    assert browser.get("/scan", params={"text": code}).json()["href"] == f"/desk/lost/{tablet_id}"
    assert f"{code} is lost. You have found it." in browser.get(f"/desk/lost/{tablet_id}").text


def test_a_technician_takes_it_in_and_says_where_it_was(
    browser_as: Callable[..., Browser], lost: tuple[int, str], database: Database
) -> None:
    tablet_id, code = lost
    courier, technician = browser_as(Role.COURIER), browser_as(Role.TECHNICIAN)
    courier.submit(f"/desk/lost/{tablet_id}/seen", {"place": "At the library"})
    assert technician.submit(f"/desk/lost/{tablet_id}/found", {"place": " "}).status_code == 422
    taken = technician.submit(f"/desk/lost/{tablet_id}/found", {"place": "At the library, by a courier"})
    assert taken.headers["location"] == f"/returns/{tablet_id}"
    with database.read() as session:
        tablet = tablet_queries.tablet(session, tablet_id)
        event = tablet_queries.latest_event(session, tablet_id, "find")
        assert tablet is not None
        assert event is not None
        assert (tablet.stage, tablet.data) == (Stage.RETURNED, DataState.DIRTY)
        assert event.reason == "Found: At the library, by a courier"
        assert tablet_queries.open_sightings(session) == []
    again = technician.submit(f"/desk/lost/{tablet_id}/found", {"place": "Here"})
    assert again.status_code == 409
    assert f"{code} is not lost" in technician.get(f"/desk/lost/{tablet_id}").text


def test_whoever_cannot_take_it_in_tells_the_coordinator_who_sees_to_it(
    browser_as: Callable[..., Browser], lost: tuple[int, str], database: Database
) -> None:
    tablet_id, code = lost
    courier, coordinator = browser_as(Role.COURIER), browser_as(Role.COORDINATOR)
    assert courier.submit(f"/desk/lost/{tablet_id}/found", {"place": "Here"}).status_code == 403
    assert courier.submit(f"/desk/lost/{tablet_id}/seen", {"place": "In my van"}).status_code == 303
    home = coordinator.get("/").text
    assert f"says where {code} is" in home
    assert "In my van" in home
    assert "In my van" in coordinator.get("/desk/sightings").text
    with database.read() as session:
        sighting = tablet_queries.open_sightings(session)[0]
    assert coordinator.submit(f"/desk/sightings/{sighting.id}/settle", {"reason": " "}).status_code == 422
    coordinator.submit(f"/desk/sightings/{sighting.id}/settle", {"reason": "Fetched on Monday"})
    assert "In my van" not in coordinator.get("/").text
    assert coordinator.submit(f"/desk/sightings/{sighting.id}/settle", {"reason": "Twice"}).status_code == 409


def test_a_strangers_scan_of_a_lost_tablet_says_no_more_to_them_and_tells_the_coordinator_once(
    browser_as: Callable[..., Browser], lost: tuple[int, str], database: Database
) -> None:
    stranger = browser_as()
    for _ in range(3):
        page = stranger.get(f"/T/{lost[1]}").text
        assert "Thank you for finding this tablet." in page
        assert "lost" not in page.lower()
    assert browser_as(Role.COORDINATOR).get("/").text.count("Its label was scanned by somebody") == 1
    stranger.post(f"/t/{lost[1]}", data={"where": "At the bus stop"}, headers=SAME_ORIGIN)
    with database.read() as session:
        assert [each.place for each in tablet_queries.open_sightings(session)][1:] == ["At the bus stop"]


def test_what_a_finder_writes_of_any_tablet_waits_for_the_coordinator(
    browser_as: Callable[..., Browser],
    database: Database,
    stock: Callable[..., Tablet],
    actor: Callable[..., Actor],
    clock: FakeClock,
) -> None:
    tablet = stock(Stage.ON_LOAN)
    with database.write() as session:
        code = make_tags(session, [tablet.id], actor=actor(Role.TECHNICIAN), happening=Happening(clock()))[0].code
    stranger, coordinator = browser_as(), browser_as(Role.COORDINATOR)
    stranger.get(f"/T/{code}")
    assert "says where" not in coordinator.get("/").text
    stranger.post(f"/T/{code}", data={"where": "At the bus stop"}, headers=SAME_ORIGIN)
    assert "At the bus stop" in coordinator.get("/").text


def test_a_scan_tells_a_courier_nothing_of_tablets_that_are_not_theirs(
    browser_as: Callable[..., Browser],
    database: Database,
    stock: Callable[..., Tablet],
    actor: Callable[..., Actor],
    clock: FakeClock,
) -> None:
    tablet = stock(Stage.ON_LOAN, manufacturer="Marked")
    with database.write() as session:
        code = make_tags(session, [tablet.id], actor=actor(Role.TECHNICIAN), happening=Happening(clock()))[0].code
    theirs = browser_as(Role.COURIER).get("/scan", params={"text": code}).json()
    unknown = browser_as(Role.COURIER).get("/scan", params={"text": "K7F3-QX"}).json()
    assert theirs["said"].replace(shown(code), "") == unknown["said"].replace("K7F3-QX", "")
    assert browser_as(Role.DONOR).get("/scan", params={"text": code}).json()["href"] == f"/t/{shown(code)}"
    assert browser_as().get("/scan", params={"text": code}).headers["location"].startswith("/sign-in")
