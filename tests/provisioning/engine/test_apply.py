"""Applying: refuses what it should before anything is sent, believes only what it reads back, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from provisioning.command import Command, Quoted
from provisioning.engine.apply import apply
from provisioning.engine.observe import observe, observe_for
from provisioning.engine.plan import plan
from provisioning.engine.report import Ended, StepReport, apply_report_from_json, step_report_from_json
from provisioning.engine.verify import verification_from_json, verify
from provisioning.errors import LinkLost, PlanError, StalePlan, WrongTablet
from provisioning.facts.catalogue import observation_from_json
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.facts.settings import Namespace
from provisioning.profiles.loader import built_in_profile
from provisioning.profiles.profile import Profile
from provisioning.resources.app import AppInstalled
from provisioning.resources.file_content import FileContent
from provisioning.resources.package_off import PackageDisabled
from provisioning.resources.permission import PermissionGranted
from provisioning.resources.resource import Resource
from provisioning.resources.setting import Setting, SettingState
from provisioning.resources.step import Outcome, SecretName, Step, run
from provisioning.virtual.faults import Fault
from tests.apks import ApkRecipe, build_apk, signer_files
from tests.provisioning.benchtop import Slot, Tap, apps_for, without_waiting
from tests.provisioning.conftest import MakeSlot

CAMERA = "android.permission.CAMERA"
FONT = Setting(namespace=Namespace.SYSTEM, key="font_scale", value="1.3", means="Words are large", reason="Read")
ANIMATION = Setting(
    namespace=Namespace.GLOBAL, key="window_animation_scale", value="0", means="Windows keep still", reason="Calm"
)
MEET = AppInstalled(package="org.example.meet", title="Meet", reason="To meet")
SEEN = PermissionGranted(package="org.example.meet", permission=CAMERA, means="Meet may use the camera", reason="Seen")
TILES = FileContent(path="/sdcard/Doorstep/tiles.json", text="{}\n", means="Tiles are known", reason="Tiles")
TUBE = PackageDisabled(package="com.google.android.youtube", title="YouTube", reason="Data")


def profile_of(*resources: Resource[object] | Setting | AppInstalled | PermissionGranted) -> Profile:
    return Profile("sample", 1, "Sample", "For tests.", tuple(resources))


def meet_apk() -> dict[str, tuple[Path, ...]]:
    return {"org.example.meet": (build_apk(ApkRecipe(package="org.example.meet", permissions=(CAMERA,))),)}


def applied(slot: Slot, profile: Profile, **given: object) -> list[StepReport]:
    """Plan and apply; the steps' reports, each of which must survive being stored."""
    made = plan(profile, observe_for(slot.connect(), profile))
    report = apply(slot.connect(), made, profile, apps=meet_apk(), pause=without_waiting)
    assert apply_report_from_json(report.to_json()) == report
    return [step_report_from_json(step.to_json()) for step in report.steps]


def test_an_old_plan_is_refused_once_the_tablet_changed(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), profile_of(FONT, ANIMATION)
    made = plan(profile, observe_for(slot.connect(), profile))
    slot.connect().run(Command("settings put system font_scale 1.15"))
    with pytest.raises(StalePlan, match="Nothing was changed"):
        apply(slot.connect(), made, profile, apps={})
    assert slot.tablet.setting("global", "window_animation_scale") == "1.0"


def test_a_change_that_no_resource_looked_at_leaves_the_plan_good(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), profile_of(FONT)
    made = plan(profile, observe_for(slot.connect(), profile))
    slot.connect().run(Command("settings put system screen_brightness 7"))
    assert apply(slot.connect(), made, profile, apps={}, pause=without_waiting).all_ok


def test_a_plan_for_one_tablet_is_never_applied_to_another(make_slot: MakeSlot) -> None:
    one, other, profile = make_slot(serial="VIRTONE"), make_slot(serial="VIRTTWO"), profile_of(FONT)
    made = plan(profile, observe_for(one.connect(), profile))
    with pytest.raises(WrongTablet, match="serial VIRTTWO is on the wire"):
        apply(other.connect(), made, profile, apps={})
    assert other.tablet.setting("system", "font_scale") == "1.0"


def test_a_plan_of_another_version_of_the_profile_is_refused(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), profile_of(FONT)
    made = plan(profile, observe_for(slot.connect(), profile))
    with pytest.raises(StalePlan, match="version 1"):
        apply(slot.connect(), made, Profile("sample", 2, "Sample", "", profile.resources), apps={})


def test_a_missing_app_file_is_named_before_anything_is_sent(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), profile_of(FONT, MEET)
    made = plan(profile, observe_for(slot.connect(), profile))
    tap = Tap(slot.connect())
    with pytest.raises(PlanError, match=r"org\.example\.meet"):
        apply(tap, made, profile, apps={})
    assert tap.calls == []


def test_a_person_may_stop_between_two_steps(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), profile_of(FONT, ANIMATION)
    made = plan(profile, observe_for(slot.connect(), profile))
    done: list[StepReport] = []
    report = apply(
        slot.connect(),
        made,
        profile,
        apps={},
        on_step=done.append,
        should_stop=lambda: len(done) == 1,
        pause=without_waiting,
    )
    assert report.ended is Ended.STOPPED
    assert [step.outcome for step in report.steps] == [Outcome.OK]
    assert slot.tablet.setting("global", "window_animation_scale") == "1.0"


def test_a_step_that_could_not_be_recorded_stops_the_apply(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), profile_of(FONT, ANIMATION)
    made = plan(profile, observe_for(slot.connect(), profile))

    def full_database(_: StepReport) -> None:
        raise OSError("The database's disk is full.")

    with pytest.raises(OSError, match="full"):
        apply(slot.connect(), made, profile, apps={}, on_step=full_database, pause=without_waiting)
    assert slot.tablet.setting("global", "window_animation_scale") == "1.0"


def test_every_kind_of_resource_is_applied_to_a_tablet_and_read_back(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), Profile("sample", 1, "", "", (FONT, MEET, SEEN, TILES, TUBE))
    assert [step.outcome for step in applied(slot, profile)] == [Outcome.OK] * 5
    assert verify(slot.connect(), profile).passed


@pytest.mark.parametrize(
    ("fault", "resource"),
    [
        (Fault.SETTINGS_LIE, FONT),
        (Fault.INSTALL_LIES, MEET),
        (Fault.PUSH_CORRUPTS, TILES),
    ],
)
def test_a_tablet_that_says_success_and_changes_nothing_is_not_believed(
    make_slot: MakeSlot, fault: Fault, resource: Resource[object]
) -> None:
    slot, profile = make_slot(), Profile("sample", 1, "", "", (resource,))
    made = plan(profile, observe_for(slot.connect(), profile))
    tap = Tap(slot.connect(), lambda name, act: act())
    reads = iter(range(100))

    def lie_after_the_first_reading(name: str, act: object) -> object:
        if next(reads) == 1:
            slot.tablet.faults.arm(fault, times=1)
        return act()  # type: ignore[operator]  # the tap hands over a callable

    tap.on_call = lie_after_the_first_reading
    report = apply(tap, made, profile, apps=meet_apk(), pause=without_waiting)
    assert [step.outcome for step in report.steps] == [Outcome.REFUSED]
    assert not report.all_ok
    assert not verify(slot.connect(), profile).passed


def test_a_permission_that_android_silently_did_not_grant_is_refused(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), Profile("sample", 1, "", "", (MEET, SEEN))
    slot.tablet.faults.arm(Fault.GRANT_LIES)
    assert [step.outcome for step in applied(slot, profile)] == [Outcome.OK, Outcome.REFUSED]


def test_an_app_is_held_to_the_signer_it_is_pinned_to(make_slot: MakeSlot) -> None:
    _, certificate = signer_files("ours")
    der = x509.load_pem_x509_certificate(certificate.read_bytes()).public_bytes(Encoding.DER)
    slot = make_slot()
    ours, stranger = (profile_of(FONT, MEET).signed_by({MEET.package: by}) for by in (der, b"somebody else"))
    assert [step.outcome for step in applied(slot, ours)] == [Outcome.OK] * 2
    assert verify(slot.connect(), ours).passed
    checked = verify(slot.connect(), stranger)
    assert not checked.passed
    assert [check.outcome for check in checked.plan.checks] == [Outcome.OK, Outcome.NEEDS_HUMAN]


def test_a_full_tablet_says_so_in_its_own_words_and_the_other_steps_go_on(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), Profile("sample", 1, "", "", (MEET, FONT))
    slot.tablet.faults.arm(Fault.DISK_FULL, 0)
    install, font = applied(slot, profile)
    assert install.outcome is Outcome.REFUSED
    assert "space" in install.said.lower() or "full" in install.said.lower()
    assert font.outcome is Outcome.OK


def test_a_tablet_that_restarts_under_a_step_leaves_it_unknown_and_a_second_plan_finishes(
    make_slot: MakeSlot,
) -> None:
    slot, profile = make_slot(), profile_of(FONT, ANIMATION)
    made = plan(profile, observe_for(slot.connect(), profile))
    tap = Tap(slot.connect())
    calls = iter(range(100))

    def restart_at_the_first_step(name: str, act: object) -> object:
        if next(calls) == 1:
            slot.tablet.faults.arm(Fault.REBOOT_IN_COMMAND, times=1)
        return act()  # type: ignore[operator]  # the tap hands over a callable

    tap.on_call = restart_at_the_first_step
    report = apply(tap, made, profile, apps={}, pause=without_waiting)
    assert report.ended is Ended.LINK_LOST
    assert report.steps[-1].outcome is Outcome.UNKNOWN
    assert [step.outcome for step in applied(slot, profile)] == [Outcome.OK] * len(
        [
            step
            for step in made.steps
            if step.resource not in {r.step.resource for r in report.steps if r.outcome == "ok"}
        ]
    )
    assert verify(slot.connect(), profile).passed


class NetworkName(Resource[SettingState]):
    """A resource with a secret: stands for Wi-Fi passwords."""

    id = "secret"
    sentence = "The bench's password is known"

    def facts(self) -> tuple[Fact[object], ...]:
        return FONT.facts()

    def read(self, observed: Observation) -> SettingState:
        return FONT.read(observed)

    def decide(self, state: SettingState) -> tuple[Step, ...]:
        if state.value == "1.3":
            return ()
        return (self.step("Enter it.", run("echo", SecretName("wifi"), ";settings put system font_scale 1.3")),)


def test_a_secret_reaches_the_tablet_and_nothing_that_is_kept(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), Profile("sample", 1, "", "", (NetworkName(reason="To install apps"),))
    made = plan(profile, observe_for(slot.connect(), profile))
    with pytest.raises(PlanError, match="wifi"):
        apply(slot.connect(), made, profile, apps={})
    report = apply(slot.connect(), made, profile, apps={}, secrets={"wifi": "hush hush"}, pause=without_waiting)
    assert report.all_ok
    assert report.steps[0].said == "***"
    assert "hush" not in str(report.to_json()) + str(made.to_json()) + str(made.steps[0].shown())


def test_verification_and_observation_survive_being_stored(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), built_in_profile("large-clear")
    checked = verify(slot.connect(), profile)
    assert verification_from_json(checked.to_json()) == checked
    seen = observe(slot.connect(), profile)
    assert observation_from_json(seen.to_json()) == seen
    assert plan(profile, observation_from_json(seen.to_json())) == plan(profile, seen)


def test_a_lost_link_while_reading_first_is_raised_because_nothing_was_done(make_slot: MakeSlot) -> None:
    slot, profile = make_slot(), built_in_profile("standard")
    made = plan(profile, observe_for(slot.connect(), profile))

    def cut(name: str, act: object) -> object:
        raise LinkLost("The cable was pulled.")

    with pytest.raises(LinkLost):
        apply(Tap(slot.connect(), cut), made, profile, apps=apps_for(profile))


def test_quoted_text_from_a_profile_arrives_as_it_was_written(make_slot: MakeSlot) -> None:
    name = "Sample's “tablet”; reboot $(id) #1"
    setting = Setting(
        namespace=Namespace.GLOBAL, key="device_name", value=name, means="The tablet has a name", reason="Found again"
    )
    slot = make_slot()
    assert [step.outcome for step in applied(slot, profile_of(setting))] == [Outcome.OK]
    assert slot.connect().run(Command("settings get global", Quoted("device_name"))).stdout.strip() == name
