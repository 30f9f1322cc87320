"""A tablet plugged in before its triage is read for a grade, which the triage page shows and nobody has to take."""

from __future__ import annotations

from collections.abc import Callable

from fleet.bench.link import OpenTablet
from fleet.tablets import queries
from fleet.tablets.health import KIND, latest_health
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from provisioning.errors import CannotConnect
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey
from tests.fleet.bench.workbench import Place, Workbench
from tests.people import Browser


def unplugged(address: str, *, signer: BenchKey, on_prompt: Callable[[], None]) -> Transport:
    raise CannotConnect("Nothing answers there.", address=address)


def look(workbench: Workbench, place: Place, *, opener: OpenTablet | None = None) -> None:
    workbench.look_into(place, opener)


def suggestions(workbench: Workbench, place: Place) -> int:
    with workbench.database.read() as session:
        return sum(event.kind == KIND for event in queries.events(session, place.tablet.id))


def test_a_tablet_that_waits_for_triage_suggests_its_grade_there(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place("lenovo-tab-m10-9", stage=Stage.RECEIVED, grade=None, accounts_answered=False)
    technician = browser_as(Role.TECHNICIAN)
    triage = f"/intake/{place.tablet.id}"
    assert "Plug it into a slot of the bench" in technician.get(triage).text
    workbench.trust(place)
    technician.submit(f"/bench/slots/{place.row.id}/look")
    workbench.look_as_asked()
    page = technician.get(triage).text
    assert "Its own facts suggest grade C." in page
    assert "It has 2 GB of memory; video calls may stutter." in page
    assert "you decide" in page
    assert "What could not be read" in page
    assert "Battery wear: the tablet does not tell how worn it is." in page
    assert 'checked value="C"' not in page
    timeline = technician.get(f"/tablets/{place.tablet.id}").text
    assert "Its facts suggest grade C" in timeline
    with workbench.database.read() as session:
        tablet = queries.tablet(session, place.tablet.id)
        assert tablet is not None
        assert (tablet.grade, tablet.stage) == (None, Stage.RECEIVED)


def test_it_is_read_for_a_grade_once_for_each_time_it_is_plugged_in(workbench: Workbench) -> None:
    place = workbench.place(stage=Stage.RECEIVED)
    workbench.trust(place)
    for _ in range(3):
        look(workbench, place)
    assert suggestions(workbench, place) == 1
    look(workbench, place, opener=unplugged)
    look(workbench, place)
    assert suggestions(workbench, place) == 2


def test_a_tablet_that_is_past_triage_is_not_graded_again(workbench: Workbench) -> None:
    place = workbench.place(stage=Stage.AWAITING_WIPE)
    workbench.trust(place)
    look(workbench, place)
    assert suggestions(workbench, place) == 0
    with workbench.database.read() as session:
        assert latest_health(session, place.tablet.id) is None
