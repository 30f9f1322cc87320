"""The bench goes on by itself: from plug-in to ready with nobody at the screen, and never further than it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from fleet.bench import queries, service
from fleet.bench.models import Run
from fleet.bench.rules import RunKind, RunState
from fleet.bench.service.autopilot import wake
from fleet.bench.service.profiles import profile_named
from fleet.errors import BadInput
from fleet.jobs import queries as job_queries
from fleet.jobs.rules import JobState
from fleet.partners.service import get_hub
from fleet.tablets import queries as tablet_queries
from fleet.tablets import service as tablets
from fleet.tablets.rules import HoldKind, Stage
from fleet.tags import printers
from fleet.tags import queries as tag_queries
from fleet.tags import service as tags
from fleet.tags.rules.printing import Language, PrintJobState, Way
from fleet.users.models import User
from fleet.web.shapes import Shape
from tests.fleet.bench.piloting import Pilot
from tests.fleet.bench.test_faults import google
from tests.fleet.bench.workbench import Place, Workbench

LOOK = timedelta(seconds=60)


@pytest.fixture
def pilot(workbench: Workbench) -> Pilot:
    return Pilot(workbench)


def runs_of(workbench: Workbench, place: Place) -> list[Run]:
    with workbench.database.read() as session:
        kinds = (RunKind.WIPE, RunKind.PROVISION)
        found = [queries.latest_run_of_tablet(session, place.tablet.id, kind) for kind in kinds]
        return [run for run in found if run is not None]


def test_from_plug_in_to_ready_nobody_touches_our_screen(pilot: Pilot) -> None:
    workbench = pilot.workbench
    pilot.switch_on()
    place = workbench.place(kit_checked_at=workbench.clock())
    with place.device.changing() as state:
        state.body.battery = replace(state.body.battery, level=97)
    view = pilot.work(place)
    assert (view.word, view.shape, view.first) == ("Ready", Shape.DONE, "Take it out")
    assert [(run.kind, run.state) for run in runs_of(workbench, place)] == [
        (RunKind.WIPE, RunState.PASSED),
        (RunKind.PROVISION, RunState.PASSED),
    ]
    tablet = workbench.tablet(place)
    assert (tablet.stage, tablet.profile) == (Stage.PROVISIONED, "standard")
    with workbench.database.read() as session:
        assert tags.printed(session, [tablet.id]) == {tablet.id}
        events = tablet_queries.events(session, tablet.id)
    assert {event.source for event in events} <= {"autopilot", "bench"}, "nothing came from a page"
    assert all(run.started_by == workbench.technician.name for run in runs_of(workbench, place))
    with workbench.database.write() as session:
        code = tags.codes_of(session, [tablet.id])[tablet.id]
        happening = workbench.happening()
        tags.confirm_scan(session, code, tablet.id, actor=workbench.technician, happening=happening)
    pilot.watch()
    assert pilot.view(place).second == "Ready to lend"
    assert workbench.tablet(place).stage is Stage.READY


def test_its_labels_go_to_the_printer_that_was_chosen_and_wait_where_it_is_away(pilot: Pilot) -> None:
    workbench = pilot.workbench
    new = printers.NewPrinter("Labels at the bench", Way.RAW, Language.ZPL, "ZEBRA-50x30", host="127.0.0.1")
    with workbench.database.write() as session:
        hub_id = get_hub(session).id
        printer = printers.add_printer(session, new, hub_id=hub_id, demo=True, now=workbench.clock())
    pilot.switch_on(label_printer_id=printer.id)
    version = profile_named("standard", workbench.settings).version
    place = workbench.place(stage=Stage.PROVISIONED, profile_version=version, label_confirmed_at=None)
    pilot.watch()
    with workbench.database.read() as session:
        jobs = tag_queries.jobs_of_printer(session, printer.id)
        batches = [tag_queries.print_batch(session, job.batch_id or 0) for job in jobs]
        assert [(job.state, job.labels) for job in jobs] == [(PrintJobState.QUEUED, 1)]
        assert [batch.sheet for batch in batches if batch is not None] == ["ZEBRA-50x30"]
        assert tags.printed(session, [place.tablet.id]) == {place.tablet.id}
    with workbench.database.write() as session:
        printers.take_out_of_use(session, printer.id, now=workbench.clock())
    with pytest.raises(BadInput) as refused:
        pilot.switch_on(label_printer_id=printer.id)
    assert set(refused.value.fields) == {"label_printer"}


def test_an_expected_tablet_is_taken_in_and_then_waits_for_triage(pilot: Pilot) -> None:
    pilot.switch_on()
    place = pilot.workbench.place(stage=Stage.EXPECTED)
    view = pilot.work(place)
    assert (view.word, view.first) == ("Hands", "Was it stolen?")
    assert pilot.workbench.tablet(place).stage is Stage.RECEIVED


def test_a_tablet_that_nobody_expects_is_offered_for_booking_in_and_not_touched(pilot: Pilot) -> None:
    workbench = pilot.workbench
    pilot.switch_on()
    place = workbench.place()
    with workbench.database.write() as session:
        tablets.lock_tablet(session, place.tablet.id).serial = "ANOTHER1"
    view = pilot.work(place)
    assert (view.word, view.first) == ("Not in our books", "Book it in")
    assert runs_of(workbench, place) == []


def test_a_tablet_that_left_our_stock_is_said_to_have_left_and_not_touched(pilot: Pilot) -> None:
    pilot.switch_on()
    place = pilot.workbench.place(stage=Stage.RECYCLED)
    view = pilot.work(place)
    assert (view.word, view.first) == ("Hands", "It left our stock")
    assert f"Tablet {place.tablet.id} was recycled on 1 June 2026." in view.second
    assert runs_of(pilot.workbench, place) == []


def test_an_account_stops_it_with_words_and_it_is_not_tried_again_and_again(pilot: Pilot) -> None:
    workbench = pilot.workbench
    pilot.switch_on()
    place = workbench.place()
    google(place.device)
    assert pilot.work(place).shape is Shape.HANDS
    first = runs_of(workbench, place)
    for _ in range(3):
        pilot.watch()
    assert [run.id for run in runs_of(workbench, place)] == [run.id for run in first]
    assert "account" in pilot.view(place).second
    assert workbench.tablet(place).stage is Stage.AWAITING_WIPE


@pytest.mark.parametrize("stage", [Stage.ON_LOAN, Stage.RETURNED])
def test_what_does_not_belong_on_the_bench_is_left_alone(pilot: Pilot, stage: Stage) -> None:
    pilot.switch_on()
    place = pilot.workbench.place(stage=stage)
    assert pilot.work(place).shape is Shape.HANDS
    assert pilot.workbench.tablet(place).stage is stage
    assert runs_of(pilot.workbench, place) == []


def test_without_the_promise_it_is_not_switched_on(workbench: Workbench) -> None:
    with workbench.database.write() as session, pytest.raises(BadInput) as refused:
        service.switch_on(
            session,
            workbench.bench.id,
            media_removed=False,
            profile="no such profile",
            label_sheet="no such sheet",
            actor=workbench.technician,
            settings=workbench.settings,
            now=workbench.clock(),
        )
    assert set(refused.value.fields) == {"media_removed", "profile", "label_sheet"}


def test_switched_off_it_begins_nothing_and_its_job_ends(pilot: Pilot) -> None:
    pilot.switch_on()
    place = pilot.workbench.place()
    pilot.switch_off()
    assert pilot.watch() is JobState.DONE
    assert runs_of(pilot.workbench, place) == []
    pilot.switch_on()
    assert pilot.watch() is JobState.QUEUED
    assert [run.kind for run in runs_of(pilot.workbench, place)] == [RunKind.WIPE]


def test_a_watch_that_was_given_up_is_taken_up_again(pilot: Pilot) -> None:
    workbench = pilot.workbench
    bench = pilot.switch_on()
    with workbench.database.write() as session:
        assert wake(session, now=workbench.clock()) == 0
        job = job_queries.job_by_key(session, f"{service.WATCH_JOB}:{bench.id}:{bench.autopilot_round}")
        assert job is not None
        job.state = JobState.FAILED
    with workbench.database.write() as session:
        assert wake(session, now=workbench.clock()) == 1
    assert pilot.watch() is JobState.QUEUED
    pilot.switch_off()
    with workbench.database.write() as session:
        assert wake(session, now=workbench.clock()) == 0


def test_it_acts_only_while_whoever_switched_it_on_may(pilot: Pilot) -> None:
    workbench = pilot.workbench
    pilot.switch_on()
    place = workbench.place()
    with workbench.database.write() as session:
        user = session.get(User, workbench.technician.user_id)
        assert user is not None
        user.active = False
    view = pilot.work(place)
    assert "may no longer run the bench" in view.second
    assert runs_of(workbench, place) == []


def test_a_slot_with_a_run_is_not_looked_into(pilot: Pilot) -> None:
    workbench = pilot.workbench
    pilot.switch_on()
    place = workbench.place()
    run = workbench.start_wipe(place)
    opened = len(workbench.links)
    pilot.watch()
    assert len(workbench.links) == opened
    assert workbench.run(run).state is RunState.QUEUED


def test_two_workers_never_look_at_one_slot_at_once(pilot: Pilot) -> None:
    workbench = pilot.workbench
    place = workbench.place()
    now = workbench.clock()
    with workbench.database.write() as session:
        assert queries.take_look(session, place.row.id, looker="one", now=now, until=now + LOOK)
    with workbench.database.write() as session:
        assert not queries.take_look(session, place.row.id, looker="two", now=now, until=now + LOOK)
        queries.end_look(session, place.row.id, looker="two", next_look_at=now)
    with workbench.database.write() as session:
        assert not queries.take_look(session, place.row.id, looker="two", now=now, until=now + LOOK)
        queries.end_look(session, place.row.id, looker="one", next_look_at=now)
        assert queries.take_look(session, place.row.id, looker="two", now=now, until=now + LOOK)


def test_an_empty_slot_is_looked_into_ever_more_seldom(pilot: Pilot) -> None:
    pilot.switch_on()
    place = pilot.workbench.place()
    place.device.vanish()
    pauses = []
    for _ in range(6):
        pilot.watch()
        slot = pilot.slot(place)
        assert slot.next_look_at is not None
        pauses.append((slot.next_look_at - pilot.workbench.clock()).total_seconds())
    assert pauses == sorted(pauses)
    assert pauses[0] < 2 < pauses[-1] <= 15
    assert pilot.view(place).word == "Empty"


def test_one_tablet_at_two_addresses_is_one_tablet(pilot: Pilot) -> None:
    workbench = pilot.workbench
    place = workbench.place()
    with workbench.database.write() as session:
        second = service.add_slot(
            session,
            bench_id=workbench.bench.id,
            place="the same again",
            address=f"tcp:localhost:{place.socket.port}",
            actor=workbench.technician,
        )
    pilot.switch_on()
    for _ in range(3):
        pilot.watch()
    with workbench.database.read() as session:
        busy = [row for row in (place.row, second) if queries.unfinished_run_in_slot(session, row.id) is not None]
    assert len(busy) == 1
    other = second if busy[0].id == place.row.id else place.row
    view = pilot.view(replace(place, row=other))
    assert view.first == f"It is worked on in slot {busy[0].place}"
    assert view.shape is Shape.WAITING


def test_two_tablets_with_one_serial_are_held_and_neither_is_touched(pilot: Pilot) -> None:
    workbench = pilot.workbench
    place = workbench.place()
    socket = workbench.make_socket("lenovo-tab-m10-9", serial=f"{place.tablet.serial}TWIN")
    with socket.tablet.changing() as state:
        state.body.serial = place.tablet.serial
    with workbench.database.write() as session:
        other = service.add_slot(
            session,
            bench_id=workbench.bench.id,
            place="other",
            address=f"tcp:127.0.0.1:{socket.port}",
            actor=workbench.technician,
        )
    twin = Place(other, socket, place.tablet)
    for each in (place, twin):
        workbench.trust(each)
    for each in (place, twin, place):
        with_look(workbench, each)
    pilot.switch_on()
    for _ in range(3):
        pilot.watch()
    for each in (place, twin):
        assert f"say they are {place.tablet.serial}" in pilot.view(each).first
    with workbench.database.read() as session:
        held = {hold.kind for hold in tablets.open_holds(session, place.tablet.id)}
    assert held == {HoldKind.IDENTITY}
    assert runs_of(workbench, place) == []


def with_look(workbench: Workbench, place: Place) -> None:
    workbench.look_into(place)


def test_a_tablet_that_moves_to_another_slot_is_found_there(pilot: Pilot) -> None:
    workbench = pilot.workbench
    place = workbench.place()
    other = workbench.place("lenovo-tab-m10-9")
    workbench.trust(place)
    with_look(workbench, place)
    address = place.row.address
    with workbench.database.write() as session:
        here, there = service.get_slot(session, place.row.id), service.get_slot(session, other.row.id)
        here.address = "tcp:127.0.0.1:1"
        session.flush()
        there.address = address
    with_look(workbench, other)
    assert pilot.slot(other).tablet_id == place.tablet.id
    assert pilot.slot(other).twin_slot_id is None
    assert pilot.slot(place).tablet_id is None


def test_the_wall_says_at_once_that_somebody_has_to_tap_allow(pilot: Pilot) -> None:
    workbench = pilot.workbench
    workbench.taps_allow = False
    pilot.switch_on()
    place = workbench.place()
    pilot.watch()
    view = pilot.view(place)
    assert (view.shape, view.picture) == (Shape.HANDS, "allow")
    workbench.taps_allow = True
    pilot.watch()
    assert [run.kind for run in runs_of(workbench, place)] == [RunKind.WIPE]


def test_what_a_loan_wants_comes_before_the_bench_s_own_profile(workbench: Workbench) -> None:
    pilot = Pilot(workbench, wanted=lambda _session, _tablet_id: "large-clear")
    pilot.switch_on("standard")
    place = workbench.place(stage=Stage.WIPED, profile="", profile_version=None)
    pilot.watch()
    assert [run.profile for run in runs_of(workbench, place)] == ["large-clear"]
