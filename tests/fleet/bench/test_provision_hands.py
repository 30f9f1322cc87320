"""What a provision leaves for hands: said once, waited for, and gone on with; and every profile listed ends well."""

from __future__ import annotations

import pytest

from fleet.bench import service
from fleet.bench.rules import RunState, StepOutcome
from fleet.bench.service.profiles import all_profiles
from fleet.errors import NotReady
from fleet.tablets.rules import Stage
from provisioning.virtual import person, person_settings
from tests.fleet.bench.workbench import Workbench


def test_a_maker_that_guards_its_settings_is_waited_for_and_then_done(workbench: Workbench) -> None:
    place = workbench.place("xiaomi-redmi-pad-13", stage=Stage.WIPED)
    run = workbench.start_provision(place, "standard")
    for _ in range(3):
        waiting = workbench.turn(run)
    assert waiting.state is RunState.VERIFYING
    assert "USB debugging (Security settings)" in waiting.hands
    assert waiting.problem == ""
    person.switch_on_security_settings(place.device)
    ended = workbench.finish(run, place)
    assert ended.state is RunState.PASSED, ended.problem
    assert {step.outcome for step in workbench.steps(run)} == {StepOutcome.OK}


OURS = (
    'name = "ours"\nversion = 2\ntitle = "Ours"\ndescription = "For tests."\n'
    '[[resource]]\nkind = "wifi"\nnetwork = "Sample hub"\nsecurity = "open"\nreason = "To fetch its updates"\n'
    '[[resource]]\nkind = "setting"\nnamespace = "system"\nkey = "font_scale"\nvalue = "1.15"\nmeans = "Larger words"\n'
    'reason = "Read"\n'
)


def test_a_profile_of_our_own_waits_for_a_person_with_the_screen_open_and_goes_on(workbench: Workbench) -> None:
    folder = workbench.settings.own_profiles
    folder.mkdir(parents=True)
    (folder / "ours.toml").write_text(OURS)
    place = workbench.place("lenovo-tab-m8-13", stage=Stage.WIPED)
    run = workbench.start_provision(place, "ours")
    waiting = workbench.turn(run)
    assert waiting.state is RunState.VERIFYING
    assert "tap “Sample hub”" in waiting.hands
    assert "WifiSettings" in place.device.app_in_front
    assert [step.reason for step in workbench.steps(run) if step.key.startswith("setting")] == ["Read (Ours)."]
    place.device.press_home()
    assert workbench.turn(run).hands == waiting.hands
    assert not place.device.app_in_front, "a screen opened twice would be under somebody's finger"
    person_settings.join_wifi(place.device, "Sample hub")
    ended = workbench.turn(run)
    assert ended.state is RunState.PASSED, ended.problem
    assert (workbench.tablet(place).profile, workbench.tablet(place).profile_version) == ("ours", 2)


def test_a_tablet_that_leaves_with_debugging_off_was_verified_before_that(workbench: Workbench) -> None:
    folder = workbench.settings.own_profiles
    folder.mkdir(parents=True)
    (folder / "sealed.toml").write_text(
        'name = "sealed"\nversion = 1\ntitle = "Sealed"\ndescription = "x"\n'
        'extends = "standard"\ndebugging_off = true\n'
    )
    place = workbench.place("lenovo-tab-m8-13", stage=Stage.WIPED)
    run = workbench.start_provision(place, "sealed")
    ended = workbench.turn(run)
    assert ended.state is RunState.PASSED, ended.problem
    assert not place.device.debugging_on
    assert "known for certain only when it is on a bench again" in workbench.steps(run)[-1].said


def test_a_file_of_our_own_with_a_mistake_is_named_and_nothing_is_begun(workbench: Workbench) -> None:
    folder = workbench.settings.own_profiles
    folder.mkdir(parents=True)
    (folder / "ours.toml").write_text(OURS.replace('"1.15"', '"9"'))
    with pytest.raises(NotReady, match=r"ours\.toml line 10, resource 2 \(setting\)"):
        all_profiles(workbench.settings)


@pytest.mark.parametrize("name", ["blind", "calm"])
def test_a_profile_on_the_list_ends_in_a_tablet_that_is_what_it_says(workbench: Workbench, name: str) -> None:
    with workbench.database.write() as session:
        service.import_shipped(session, actor=workbench.technician, settings=workbench.settings, now=workbench.clock())
    place = workbench.place(stage=Stage.WIPED)
    ended = workbench.finish(workbench.start_provision(place, name), place)
    assert ended.state is RunState.PASSED, ended.problem
    assert workbench.tablet(place).profile == name
