"""Every way to wipe, carried out by a run on virtual tablets: how it ends, and what the certificate says of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from fleet.bench import queries, service
from fleet.bench.models import Run
from fleet.bench.rules import RunState, StepOutcome
from fleet.errors import BadInput
from fleet.tablets.rules import DataState, Stage
from fleet.users.rules import Role
from provisioning.virtual import person
from provisioning.virtual.faults import Fault
from provisioning.virtual.state import Owner
from provisioning.virtual.tablet import TradeIn
from provisioning.virtual.wiping import WipeRoute, wipe
from provisioning.wipe.certificate import CertificateContent
from tests.fleet.bench.workbench import Place, Workbench
from tests.people import Browser

SIXTEEN = "google-pixel-tablet-16"


def certified(workbench: Workbench, run: Run) -> CertificateContent:
    ended = workbench.run(run)
    assert ended.state is RunState.PASSED, f"{ended.problem} {ended.doing}"
    with workbench.database.read() as session:
        certificate = queries.certificate_of_run(session, run.id)
        assert certificate is not None
        return service.check_certificate(session, certificate.number).content


def ours(workbench: Workbench, place: Place) -> None:
    """The hub's own management app owns the tablet and takes orders."""
    workbench.settings = workbench.settings.model_copy(update={"own_owner_packages": "org.example.ours, org.other"})
    person.enrol(place.device, Owner("org.example.ours/.Admin", "Test hub", wipes_when_told=True))


def test_a_test_harness_wipe_is_only_a_first_stage_and_a_reset_from_settings_follows(workbench: Workbench) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place, "test_harness")
    assert workbench.turn(run).state is RunState.WAITING_HANDS
    assert place.device.content.generation == 2
    assert place.device.wait_for(lambda: place.device.power == "on", 5)
    asked = workbench.turn(run)
    assert (asked.state, asked.route) == (RunState.WAITING_HANDS, "settings_reset")
    assert "Tap “Factory data reset”" in asked.hands
    assert workbench.tablet(place).data is DataState.WIPED_UNVERIFIED
    content = certified(workbench, workbench.finish(run, place))
    assert place.device.content.generation == 3
    assert content.technique.startswith("Factory reset from Settings, after a first erase by test harness mode")
    assert place.device.content.properties.get("persist.sys.test_harness") is None


def test_a_tablet_left_in_test_harness_mode_is_never_certified(workbench: Workbench) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place, "test_harness")
    workbench.turn(run)
    place.device.faults.arm(Fault.WIPE_LIES)
    ended = workbench.finish(run, place)
    assert ended.state is RunState.FAILED
    assert workbench.tablet(place).data is DataState.DIRTY


@pytest.mark.parametrize("refused", [True, False])
def test_a_first_stage_that_erases_nothing_still_leads_to_the_reset(workbench: Workbench, refused: bool) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place, "test_harness")
    if refused:
        person.set_pin(place.device, "1234")
    else:
        place.device.faults.arm(Fault.WIPE_LIES, times=1)
    for _ in range(6):
        now = workbench.turn(run)
        place.device.wait_for(lambda: place.device.power == "on", 5)
        if now.hands:
            break
    assert (now.route, place.device.content.generation) == ("settings_reset", 1)
    person.set_pin(place.device, "")
    content = certified(workbench, workbench.finish(run, place))
    assert "test harness" not in content.technique


def test_our_own_management_app_resets_the_tablet_without_hands(workbench: Workbench) -> None:
    place = workbench.place()
    ours(workbench, place)
    run = workbench.start_wipe(place, "device_owner")
    told = workbench.turn(run)
    assert (told.state, told.hands, place.device.content.generation) == (RunState.WAITING_HANDS, "", 2)
    content = certified(workbench, workbench.finish(run, place))
    assert content.technique.startswith("Factory reset by the management app of the organisation itself")


def test_android_16_is_proved_at_its_welcome_screen_with_no_more_hands_than_the_reset(workbench: Workbench) -> None:
    place = workbench.place(SIXTEEN)
    run = workbench.start_wipe(place)
    workbench.turn(run)
    place.device.touches.clear()
    content = certified(workbench, workbench.finish(run, place))
    assert [touch.deed for touch in place.device.touches] == ["Erase all data, and again to confirm"]
    assert place.device.content.generation == 3, "once for the person, once because it had been opened for reading"
    assert place.device.trade_in is TradeIn.REPORTING
    assert "trade_in" in {proof.name for proof in content.proofs}
    assert content.sanitisation == "Purge (cryptographic erase)"


def test_a_tablet_that_was_reset_before_it_came_is_wiped_again_without_any_hands(workbench: Workbench) -> None:
    place = workbench.place(SIXTEEN)
    wipe(place.device, WipeRoute.SETTINGS)
    assert place.device.wait_for(lambda: place.device.trade_in is TradeIn.REPORTING, 5)
    place.device.touches.clear()
    run = workbench.start_wipe(place)
    content = certified(workbench, workbench.finish(run, place))
    assert content.technique.startswith("Factory reset that Android's trade-in mode forces")
    assert place.device.touches == []
    assert (place.device.trade_in, place.device.state.body.erases_at_start) == (TradeIn.REPORTING, False)


def test_a_locked_tablet_at_its_welcome_screen_is_refused(workbench: Workbench) -> None:
    place = workbench.place(SIXTEEN)
    person.add_account(place.device, "sample.one@example.org", "com.google")
    person.wipe_in_recovery(place.device)
    assert place.device.wait_for(lambda: place.device.trade_in is TradeIn.REPORTING, 5)
    ended = workbench.finish(workbench.start_wipe(place), place)
    assert ended.state is RunState.FAILED
    assert "it asks for an earlier owner's account" in ended.problem
    assert place.device.content.generation == 2


def test_somebody_who_sets_the_tablet_up_themselves_gets_the_same_certificate(workbench: Workbench) -> None:
    place = workbench.place(SIXTEEN)
    run = workbench.start_wipe(place)
    workbench.turn(run)
    person.tap_erase_everything(place.device)
    place.socket.set_up_again()
    content = certified(workbench, workbench.finish(run, place))
    assert place.device.content.generation == 2
    assert "keys" in {proof.group for proof in content.proofs if proof.outcome == "holds"}


def test_a_way_that_the_tablet_does_not_have_ends_the_run_before_anything_is_touched(workbench: Workbench) -> None:
    place = workbench.place()
    ended = workbench.finish(workbench.start_wipe(place, "device_owner"), place)
    assert ended.state is RunState.FAILED
    assert "not open to this tablet" in ended.problem
    assert ended.before is None
    assert {route["code"] for route in ended.routes} >= {"settings_reset", "fastboot", "rescue"}
    with pytest.raises(BadInput):
        workbench.start_wipe(place, "a_hammer")
    assert workbench.tablet(place).stage is Stage.AWAITING_WIPE


def test_an_unencrypted_tablet_is_refused_until_it_is_decided_and_then_called_clear(workbench: Workbench) -> None:
    place = workbench.place()
    place.device.personality = dataclasses.replace(
        place.device.personality, properties={**place.device.personality.properties, "ro.crypto.state": "unencrypted"}
    )
    failed = workbench.finish(workbench.start_wipe(place), place)
    assert [blocker["code"] for blocker in failed.blockers] == ["not_encrypted"]
    with workbench.database.write() as session:
        happening = workbench.happening(reason="It goes to recycling, and its storage is destroyed there.")
        service.waive_blocker(
            session, place.tablet.id, "not_encrypted", actor=workbench.technician, happening=happening
        )
    content = certified(workbench, workbench.finish(workbench.start_wipe(place), place))
    assert content.sanitisation == "Clear"
    assert "not overwritten" in content.technique


def test_the_steps_of_a_wipe_say_what_happened_to_each_way(workbench: Workbench) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place, "test_harness")
    certified(workbench, workbench.finish(run, place))
    assert {step.outcome for step in workbench.steps(run)} == {StepOutcome.OK}
    assert workbench.run(run).first_stage is not None


def test_a_runs_page_says_which_ways_there_were_and_why_not_the_others(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    run = workbench.start_wipe(place, "test_harness")
    technician = browser_as(Role.TECHNICIAN)
    heading = "Which ways there were to wipe it"
    assert heading not in technician.get(f"/bench/runs/{run.id}").text
    workbench.turn(run)
    page = technician.get(f"/bench/runs/{run.id}").text
    assert "It is being wiped this way. Asked for by whoever began the run." in page
    assert "Open to it too. Every tablet has it" in page
    assert "Not open to it. It needs an unlocked bootloader, and this one is locked." in page
    workbench.finish(run, place)
    page = technician.get(f"/bench/runs/{run.id}").text
    assert "It was erased this way first, which is not enough by itself." in page
    assert "It was wiped this way. Every tablet has it" in page


def test_a_run_that_was_refused_before_any_way_was_asked_about_says_so(
    workbench: Workbench, browser_as: Callable[..., Browser]
) -> None:
    place = workbench.place()
    person.add_account(place.device, "sample.one@example.org", "com.google")
    run = workbench.finish(workbench.start_wipe(place), place)
    page = browser_as(Role.TECHNICIAN).get(f"/bench/runs/{run.id}").text
    assert "The tablet was not asked: what stands against the wipe has to be settled first" in page
