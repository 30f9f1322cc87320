"""What goes wrong at a bench, and that nothing is lost, half written or wrongly called done."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from fleet.bench import queries, service
from fleet.bench.rules import RunState, StepOutcome
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.tablets import queries as tablet_queries
from fleet.tablets import service as tablets
from fleet.tablets.rules import DataState, HoldKind, Stage
from fleet.users.actor import Actor
from fleet.users.rules import Role
from provisioning.virtual import person
from provisioning.virtual.faults import Fault
from provisioning.virtual.state import Owner
from provisioning.virtual.tablet import VirtualTablet
from tests.fleet.bench.test_provisioning import with_home_app
from tests.fleet.bench.workbench import Workbench


def google(device: VirtualTablet) -> None:
    person.add_account(device, "sample.one@example.org", "com.google")


def samsung(device: VirtualTablet) -> None:
    person.add_account(device, "sample.one@example.org", "com.osp.app.signin")


def managed(device: VirtualTablet) -> None:
    person.enrol(device, Owner("com.example.mdm/.Admin", "Example Org"))


def low(device: VirtualTablet) -> None:
    person.unplug(device)
    person.charge_to(device, 11)


def nothing(_: VirtualTablet) -> None:
    return


@pytest.mark.parametrize(
    ("cause", "personality", "code", "hold"),
    [
        (google, "lenovo-tab-m8-13", "google_account", HoldKind.IDENTITY),
        (samsung, "samsung-tab-a9-14", "samsung_account", HoldKind.IDENTITY),
        (managed, "lenovo-tab-m8-13", "managed", HoldKind.IDENTITY),
        (low, "google-pixel-tablet-15", "battery_low", None),
        (nothing, "nokia-t20-12", "os_floor", None),
    ],
)
def test_a_blocker_ends_the_run_before_anything_is_touched_and_says_what_to_do(
    workbench: Workbench,
    cause: Callable[[VirtualTablet], None],
    personality: str,
    code: str,
    hold: HoldKind | None,
) -> None:
    place = workbench.place(personality)
    cause(place.device)
    ended = workbench.finish(workbench.start_wipe(place), place)
    assert ended.state is RunState.FAILED
    assert code in [blocker["code"] for blocker in ended.blockers]
    assert all(blocker["what"] and blocker["why"] and blocker["next"] for blocker in ended.blockers)
    assert ended.problem.startswith("Nothing was wiped.")
    assert ended.before is None
    assert place.device.content.generation == 1
    assert workbench.tablet(place).stage is Stage.AWAITING_WIPE
    with workbench.database.read() as session:
        holds = [each.kind for each in tablet_queries.open_holds(session, place.tablet.id)]
    assert holds == ([hold] if hold else [])


def test_a_settled_blocker_lets_the_retry_pass(workbench: Workbench) -> None:
    place = workbench.place()
    google(place.device)
    failed = workbench.finish(workbench.start_wipe(place), place)
    person.remove_account(place.device, "com.google")
    with workbench.database.write() as session:
        happening = workbench.happening(reason="The donor removed the account.")
        actor = workbench.technician
        tablets.lift_hold(session, place.tablet.id, HoldKind.IDENTITY, actor=actor, happening=happening)
        retried = service.retry_run(
            session, failed.id, actor=actor, settings=workbench.settings, happening=workbench.happening()
        )
    assert retried.retry_of == failed.id
    assert workbench.finish(retried, place).state is RunState.PASSED


def test_an_old_patch_stops_a_wipe_until_a_coordinator_gives_a_reason(
    workbench: Workbench, actor: Callable[..., Actor]
) -> None:
    place = workbench.place()
    with place.device.changing() as state:
        state.content.properties["ro.build.version.security_patch"] = "2020-02-05"
    run = workbench.start_wipe(place)
    stopped = workbench.finish(run, place)
    assert stopped.state is RunState.FAILED
    assert [blocker["code"] for blocker in stopped.blockers] == ["patch_age"]
    assert "February 2020" in stopped.problem
    happening = workbench.happening(reason="Only ever used offline, in the hub")
    with workbench.database.write() as session:
        service.waive_blocker(session, place.tablet.id, "patch_age", actor=actor(Role.COORDINATOR), happening=happening)
    assert workbench.finish(workbench.start_wipe(place), place).state is RunState.PASSED


def test_a_coordinator_may_waive_the_oldest_android_but_nobody_an_account(
    workbench: Workbench, actor: Callable[..., Actor]
) -> None:
    place = workbench.place("nokia-t20-12")
    failed = workbench.finish(workbench.start_wipe(place), place)
    with workbench.database.write() as session:
        happening = workbench.happening(reason="For the library's desk only.")
        coordinator = actor(Role.COORDINATOR)
        service.waive_blocker(session, place.tablet.id, "os_floor", actor=coordinator, happening=happening)
        with pytest.raises(BadInput, match="Nothing was waived"):
            service.waive_blocker(session, place.tablet.id, "google_account", actor=coordinator, happening=happening)
    with workbench.database.write() as session:
        retried = service.retry_run(
            session,
            failed.id,
            actor=workbench.technician,
            settings=workbench.settings,
            happening=workbench.happening(),
        )
    assert workbench.finish(retried, place).state is RunState.PASSED


def test_a_tablet_that_only_says_it_was_reset_never_gets_a_certificate(workbench: Workbench) -> None:
    place = workbench.place()
    place.device.faults.arm(Fault.WIPE_LIES)
    ended = workbench.finish(workbench.start_wipe(place), place)
    assert ended.state is RunState.FAILED
    assert "still counts as holding somebody's data" in ended.problem
    assert workbench.tablet(place).data is DataState.DIRTY
    with workbench.database.read() as session:
        assert queries.latest_certificate(session, place.tablet.id) is None


def test_another_tablet_in_the_slot_fails_the_run_and_is_not_touched(workbench: Workbench) -> None:
    place, other = workbench.place(), workbench.place()
    with workbench.database.write() as session:
        run = service.start_wipe(
            session,
            place.tablet.id,
            other.row.id,
            actor=workbench.technician,
            settings=workbench.settings,
            happening=workbench.happening(),
            media_removed=True,
        )
    ended = workbench.turn(run)
    assert ended.state is RunState.FAILED
    assert ended.problem.startswith("Nothing was touched.")
    assert other.tablet.serial in ended.problem
    assert list(other.device.directory.glob("data-*/**/doorstep-*")) == []
    assert workbench.tablet(place).stage is Stage.AWAITING_WIPE


def test_two_people_press_start_at_once_and_one_of_them_gets_a_sentence(workbench: Workbench) -> None:
    place = workbench.place()
    together = threading.Barrier(2)
    got: list[object] = []

    def press() -> None:
        together.wait()
        try:
            got.append(workbench.start_wipe(place))
        except service.RunInProgress as refused:
            got.append(refused.message)

    people = [threading.Thread(target=press) for _ in range(2)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert sorted(type(each).__name__ for each in got) == ["Run", "str"]
    assert "is being wiped already" in next(each for each in got if isinstance(each, str))


def test_the_same_press_sent_twice_is_one_run(workbench: Workbench) -> None:
    place = workbench.place()
    ids = set()
    for _ in range(2):
        with workbench.database.write() as session:
            run = service.start_wipe(
                session,
                place.tablet.id,
                place.row.id,
                actor=workbench.technician,
                settings=workbench.settings,
                happening=workbench.happening("press-0001"),
                media_removed=True,
            )
            ids.add(run.id)
    assert len(ids) == 1


def test_a_tablet_that_vanishes_in_the_middle_of_a_step_is_taken_up_again(workbench: Workbench) -> None:
    with_home_app(workbench)
    place = workbench.place(stage=Stage.WIPED)
    run = workbench.start_provision(place)
    place.device.faults.arm(Fault.DROP_AFTER, 1_500_000)
    now = workbench.turn(run)
    assert now.state is RunState.IDENTITY_CHECK
    assert "not known" in now.doing
    assert workbench.tablet(place).stage is Stage.PROVISIONING
    place.device.vanish()
    assert workbench.turn(run).state is RunState.IDENTITY_CHECK
    place.device.come_back()
    assert workbench.finish(run, place).state is RunState.PASSED


def test_a_full_tablet_is_found_out_before_a_byte_moves_and_stays_wiped(workbench: Workbench) -> None:
    with_home_app(workbench)
    place = workbench.place(stage=Stage.WIPED)
    place.device.faults.arm(Fault.DISK_FULL, 100_000)
    ended = workbench.finish(workbench.start_provision(place), place)
    assert ended.state is RunState.FAILED
    assert "Nothing was changed." in ended.problem
    assert "MB free to be installed, and this tablet has 0 MB" in ended.problem
    assert place.device.setting("system", "font_scale") == "1.0"
    assert workbench.tablet(place).stage is Stage.WIPED
    place.device.faults.clear()
    with workbench.database.write() as session:
        again = service.retry_run(
            session, ended.id, actor=workbench.technician, settings=workbench.settings, happening=workbench.happening()
        )
    assert workbench.finish(again, place).state is RunState.PASSED


def test_a_setting_that_will_not_hold_fails_the_run_by_name(workbench: Workbench) -> None:
    with_home_app(workbench)
    place = workbench.place(stage=Stage.WIPED)
    place.device.faults.arm(Fault.SETTINGS_LIE)
    ended = workbench.finish(workbench.start_provision(place), place)
    assert ended.state is RunState.FAILED
    assert "Words are large" in ended.problem
    refused = [step for step in workbench.steps(ended) if step.outcome is StepOutcome.REFUSED]
    assert any("font_scale" in step.key for step in refused)


def test_a_profile_whose_app_is_not_in_the_library_changes_nothing(workbench: Workbench) -> None:
    place = workbench.place(stage=Stage.WIPED)
    ended = workbench.finish(workbench.start_provision(place), place)
    assert ended.state is RunState.FAILED
    assert "no file of org.doorstep.home" in ended.problem
    assert place.device.setting("system", "font_scale") == "1.0"


def test_a_run_nobody_lends_a_hand_to_is_set_aside(workbench: Workbench) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place)
    assert workbench.turn(run).state is RunState.WAITING_HANDS
    workbench.clock.advance(days=1)
    ended = workbench.turn(run)
    assert ended.state is RunState.FAILED
    assert "within 24 hours" in ended.problem
    assert workbench.tablet(place).data is DataState.DIRTY


def test_an_empty_slot_asks_for_hands_and_goes_on_when_the_tablet_is_there(workbench: Workbench) -> None:
    place = workbench.place()
    place.device.vanish()
    run = workbench.start_wipe(place)
    waiting = workbench.turn(run)
    assert (waiting.state, waiting.hands) == (RunState.IDENTITY_CHECK, "Look at its cable and its screen")
    place.device.come_back()
    assert workbench.finish(run, place).state is RunState.PASSED


def test_a_tablet_that_does_not_trust_the_bench_asks_for_a_tap(workbench: Workbench) -> None:
    workbench.taps_allow = False
    place = workbench.place()
    run = workbench.start_wipe(place)
    waiting = workbench.turn(run)
    assert waiting.hands == "Tick Always allow, then tap Allow"
    workbench.taps_allow = True
    assert workbench.finish(run, place).state is RunState.PASSED


def test_a_hold_placed_while_it_is_wiped_keeps_the_pass_back_until_it_is_lifted(workbench: Workbench) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place)
    workbench.turn(run)
    happening = Happening(now=workbench.clock(), reason="The back is warm.")
    with workbench.database.write() as session:
        tablets.place_hold(session, place.tablet.id, HoldKind.SAFETY, actor=workbench.technician, happening=happening)
    for _ in range(4):
        workbench.lend_hands(place)
        waiting = workbench.turn(run)
    assert waiting.state is RunState.VERIFYING
    assert "lift the hold first" in waiting.doing
    with workbench.database.write() as session:
        assert queries.latest_certificate(session, place.tablet.id) is None
        tablets.lift_hold(session, place.tablet.id, HoldKind.SAFETY, actor=workbench.technician, happening=happening)
    assert workbench.turn(run).state is RunState.PASSED
