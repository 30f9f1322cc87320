"""A look that somebody asks for is the bench's work: the page answers at once, and says what came of it by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from fleet.bench import queries, service
from fleet.bench.rules import RunState
from fleet.bench.steering import Picture
from fleet.jobs.rules import JobState
from fleet.jobs.service import JobFailed, lane_is_alive
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from provisioning.transports.base import Transport
from provisioning.virtual import person
from provisioning.virtual.tablet import TradeIn
from provisioning.virtual.wiping import WipeRoute, wipe
from tests.fleet.bench.piloting import Pilot
from tests.fleet.bench.workbench import Place, Workbench
from tests.people import Browser

SIXTEEN = "google-pixel-tablet-16"


def ask(place: Place, browser: Browser) -> None:
    assert browser.submit(f"/bench/slots/{place.row.id}/look").status_code == 303


def test_the_wall_says_that_it_looks_and_then_what_it_saw(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    workbench.trust(place)
    technician = browser_as(Role.TECHNICIAN)
    ask(place, technician)
    wall = f"/bench/{workbench.bench.id}"
    assert "The bench asks what is plugged in" in technician.get(wall).text
    assert not workbench.links, "nothing was connected to while the page was answered"
    assert workbench.look_as_asked() is JobState.DONE
    page = technician.get(wall).text
    assert "Looking" not in page
    assert service.asset_code(workbench.tablet(place)) in page


def test_every_free_slot_is_looked_into_and_a_run_is_left_alone(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    busy, *free = [workbench.place(), workbench.place(stage=Stage.READY), workbench.place(stage=Stage.READY)]
    for place in free:
        workbench.trust(place)
    run = workbench.start_wipe(busy)
    technician = browser_as(Role.TECHNICIAN)
    assert technician.submit(f"/bench/{workbench.bench.id}/look").status_code == 303
    assert "into 2 slots" in technician.get(f"/bench/{workbench.bench.id}").text
    refused = technician.submit(f"/bench/slots/{busy.row.id}/look")
    assert refused.status_code == 409
    assert f"run {run.id} works in slot" in refused.text
    assert workbench.look_as_asked() is JobState.DONE
    pilot = Pilot(workbench)
    assert [pilot.slot(each).tablet_id for each in (busy, *free)] == [None, *(each.tablet.id for each in free)]


def test_a_look_that_no_worker_takes_is_said_to_be_missing(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    technician = browser_as(Role.TECHNICIAN)
    ask(place, technician)
    workbench.clock.advance(seconds=121)
    assert "No worker of this bench has answered" in technician.get(f"/bench/{workbench.bench.id}").text
    workbench.trust(place)
    assert workbench.look_as_asked() is JobState.DONE
    assert "No worker of this bench" not in technician.get(f"/bench/{workbench.bench.id}").text


def test_only_a_benchs_own_worker_looks_into_its_slots(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place(stage=Stage.READY)
    workbench.trust(place)
    lane = service.lane_of_bench(workbench.bench)
    with workbench.database.write() as session:
        service.give_own_worker(session, workbench.bench.id, own_worker=True, actor=workbench.technician)
        lane_is_alive(session, lane, worker="pi", until=workbench.clock() + timedelta(minutes=5))
    ask(place, browser_as(Role.TECHNICIAN))
    assert workbench.look_as_asked() is None, "not anybody's"
    assert workbench.look_as_asked(holder="pi", lane=lane) is JobState.DONE
    assert Pilot(workbench).slot(place).tablet_id == place.tablet.id


def test_two_who_ask_at_once_cost_one_look(workbench: Workbench, browser_as: Callable[..., Browser]) -> None:
    place = workbench.place(stage=Stage.READY)
    workbench.trust(place)
    technician = browser_as(Role.TECHNICIAN)
    ask(place, technician)
    ask(place, technician)
    assert workbench.look_as_asked() is JobState.DONE
    assert len(workbench.links) == 1


def test_a_look_waits_for_one_that_is_under_way_and_gives_way_to_a_run(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    workbench.trust(place)
    ask(place, browser_as(Role.TECHNICIAN))
    now = workbench.clock()
    with workbench.database.write() as session:
        assert queries.take_look(session, place.row.id, looker="other", now=now, until=now + timedelta(seconds=60))
    assert workbench.look_as_asked() is JobState.QUEUED
    assert not workbench.links
    run = workbench.start_wipe(place)
    workbench.clock.advance(seconds=2)
    assert workbench.look_as_asked() is JobState.DONE
    assert not workbench.links
    assert workbench.finish(run, place).state is RunState.PASSED
    assert Pilot(workbench).view(place).word != "Looking"


def at_its_welcome_screens(place: Place) -> None:
    """Somebody reset it and left it there: Android 16 reports then, and answers nothing else."""
    wipe(place.device, WipeRoute.SETTINGS)
    assert place.device.wait_for(lambda: place.device.trade_in is TradeIn.REPORTING, 5)


def test_a_tablet_at_its_welcome_screens_is_recognised_by_its_report(workbench: Workbench) -> None:
    place = workbench.place(SIXTEEN, stage=Stage.WIPED)
    at_its_welcome_screens(place)
    pilot = Pilot(workbench)
    pilot.switch_on()
    pilot.watch()
    assert pilot.slot(place).tablet_id == place.tablet.id
    assert pilot.unfinished(place) is None, "nothing is begun that a person has to open the tablet for"
    view = pilot.view(place)
    assert (view.word, view.first, view.picture) == ("Hands", "Go through its welcome screens", Picture.WELCOME)
    place.socket.set_up_again()
    view = pilot.work(place)
    assert (view.word, view.first) == ("Ready", "Take it out")


def test_the_autopilot_wipes_a_tablet_at_its_welcome_screens_without_hands(workbench: Workbench) -> None:
    place = workbench.place(SIXTEEN)
    at_its_welcome_screens(place)
    place.device.touches.clear()
    pilot = Pilot(workbench)
    pilot.switch_on()
    view = pilot.work(place)
    assert workbench.tablet(place).stage is Stage.WIPED
    assert view.first == "Go through its welcome screens"
    assert place.device.touches == []


def test_a_stranger_at_its_welcome_screens_is_to_be_booked_in(workbench: Workbench) -> None:
    place = workbench.place(SIXTEEN)
    place.device.state.body.serial = "VIRTSTRANGER"
    at_its_welcome_screens(place)
    look(workbench, place)
    view = Pilot(workbench).view(place)
    assert (view.word, view.code, view.first) == ("Not in our books", "VIRTSTRANGER", "Book it in")


def test_a_locked_tablet_says_so_and_is_known_only_by_the_run_that_waits_at_its_port(workbench: Workbench) -> None:
    place = workbench.place(SIXTEEN)
    person.add_account(place.device, "sample.one@example.org", "com.google")
    person.wipe_in_recovery(place.device)
    assert place.device.wait_for(lambda: place.device.trade_in is TradeIn.REPORTING, 5)
    look(workbench, place)
    pilot = Pilot(workbench)
    assert (pilot.slot(place).tablet_id, pilot.slot(place).seen_serial) == (None, "")
    view = pilot.view(place)
    assert (view.word, view.first, view.picture) == ("Hands", "It is locked to an earlier owner", Picture.ACCOUNT)
    workbench.start_wipe(place)
    look(workbench, place)
    assert pilot.slot(place).tablet_id == place.tablet.id


def look(workbench: Workbench, place: Place) -> None:
    actor, settings, clock = workbench.technician, workbench.settings, workbench.clock
    service.look(workbench.database, place.row.id, actor=actor, settings=settings, clock=clock, opener=workbench.open)


def test_a_key_that_cannot_be_read_is_said_of_the_slot(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place(stage=Stage.READY)
    ask(place, browser_as(Role.TECHNICIAN))
    (workbench.settings.data_dir / "adb" / "adbkey").write_text("no key")
    assert workbench.look_as_asked() is JobState.DONE
    slot = Pilot(workbench).slot(place)
    assert (slot.look_asked_at, "key" in slot.seen_problem) == (None, True)


def test_a_look_that_is_asked_for_during_another_is_done_after_it(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place(stage=Stage.READY)
    workbench.trust(place)
    technician, plain = browser_as(Role.TECHNICIAN), workbench.wrap

    def asked_meanwhile(link: Transport) -> Transport:
        workbench.wrap = plain
        workbench.clock.advance(seconds=1)
        ask(place, technician)
        return plain(link)

    ask(place, technician)
    workbench.wrap = asked_meanwhile
    assert workbench.look_as_asked() is JobState.QUEUED
    workbench.clock.advance(seconds=1)
    assert workbench.look_as_asked() is JobState.DONE
    assert len(workbench.links) == 2


def test_a_look_that_breaks_off_says_so_and_keeps_no_other_slot_waiting(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    broken, sound = workbench.place(), workbench.place(stage=Stage.READY)
    workbench.trust(sound)

    def break_one(link: Transport) -> Transport:
        if link.address.endswith(f":{broken.socket.port}"):
            link.close()
            raise RuntimeError("nobody has thought of this")
        return link

    workbench.wrap = break_one
    technician = browser_as(Role.TECHNICIAN)
    assert technician.submit(f"/bench/{workbench.bench.id}/look").status_code == 303
    with pytest.raises(JobFailed, match="RuntimeError"):
        workbench.look_as_asked()
    pilot = Pilot(workbench)
    assert pilot.slot(sound).tablet_id == sound.tablet.id
    assert pilot.slot(broken).look_asked_at is None
    page = technician.get(f"/bench/slots/{broken.row.id}").text
    assert "The look broke off (RuntimeError at" in page
    assert "nobody has thought of this" not in page
