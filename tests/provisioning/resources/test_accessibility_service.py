"""A screen reader is switched on beside what was on before, and believed only when Android has bound it."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import FactUnreadable, NeedsPerson
from provisioning.facts.accessibility import ACCESSIBILITY, Accessibility
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.facts.packages import ENABLED_PACKAGES, PackageNames
from provisioning.facts.settings import SETTINGS_SECURE, SettingsTable
from provisioning.resources.accessibility_service import AccessibilityService
from tests.provisioning.observations import observed

GOOGLE = "com.google.android.marvin.talkback/com.google.android.marvin.talkback.TalkBackService"
SAMSUNG = "com.samsung.android.accessibility.talkback/com.samsung.android.marvin.talkback.TalkBackService"
OTHER = "com.example.switch/com.example.switch.Service"


def talkback(*, on: bool = True) -> AccessibilityService:
    return AccessibilityService(
        service="talkback",
        title="TalkBack",
        components=(GOOGLE, SAMSUNG),
        on=on,
        proof="touch_exploration",
        reason="By ear",
    )


def tablet(
    listed: str | None = None,
    *,
    packages: tuple[str, ...] = ("com.google.android.marvin.talkback",),
    explores: bool = False,
    flag: str = "0",
    crashed: tuple[str, ...] = (),
) -> Observation:
    secure = {"accessibility_enabled": flag}
    if listed is not None:
        secure["enabled_accessibility_services"] = listed
    changes: dict[Fact[Any], object] = {
        SETTINGS_SECURE: SettingsTable(secure),
        ENABLED_PACKAGES: PackageNames(("android", *packages)),
        ACCESSIBILITY: Accessibility(explores, ("TalkBack",) if explores else (), crashed),
    }
    return observed(changes)


def test_it_is_added_to_what_was_on_and_the_flag_is_raised() -> None:
    (step,) = talkback().steps(tablet(OTHER))
    assert step.shown() == (
        f"settings put secure enabled_accessibility_services {OTHER}:{GOOGLE}",
        "settings put secure accessibility_enabled 1",
    )


@pytest.mark.parametrize("listed", [None, "", "null"])
def test_an_empty_list_is_begun(listed: str | None) -> None:
    (step,) = talkback().steps(tablet(listed))
    assert step.shown()[0] == f"settings put secure enabled_accessibility_services {GOOGLE}"


def test_the_first_of_the_makers_names_that_is_on_the_tablet_is_taken() -> None:
    (step,) = talkback().steps(tablet(packages=("com.samsung.android.accessibility.talkback",)))
    assert SAMSUNG in step.shown()[0]


def test_a_tablet_without_any_of_them_is_a_persons_decision() -> None:
    with pytest.raises(NeedsPerson, match="no TalkBack on this tablet"):
        talkback().steps(tablet(packages=()))


def test_listed_twice_or_in_short_it_is_still_one() -> None:
    short = "com.google.android.marvin.talkback/.TalkBackService"
    assert talkback().steps(tablet(f"{short}:{short}", explores=True, flag="1")) == ()


def test_one_that_runs_needs_nothing() -> None:
    assert talkback().steps(tablet(f"{OTHER}:{GOOGLE}", explores=True, flag="1")) == ()


@pytest.mark.parametrize(
    "seen",
    [
        tablet(GOOGLE, explores=False, flag="1"),
        tablet(GOOGLE, explores=True, flag="0"),
        tablet(GOOGLE, explores=True, flag="1", crashed=(GOOGLE,)),
    ],
)
def test_one_that_is_only_written_down_is_taken_off_the_list_and_put_back(seen: Observation) -> None:
    (step,) = talkback().steps(seen)
    assert step.shown() == (
        "settings delete secure enabled_accessibility_services",
        f"settings put secure enabled_accessibility_services {GOOGLE}",
        "settings put secure accessibility_enabled 1",
    )


def test_what_android_did_not_tell_is_never_taken_for_off() -> None:
    with pytest.raises(FactUnreadable):
        talkback().steps(observed({ACCESSIBILITY: None}))


def test_switching_off_leaves_the_others_on() -> None:
    (step,) = talkback(on=False).steps(tablet(f"{SAMSUNG}:{OTHER}", explores=True, flag="1"))
    assert step.shown() == (f"settings put secure enabled_accessibility_services {OTHER}",)


def test_switching_off_the_last_one_empties_the_list() -> None:
    (step,) = talkback(on=False).steps(tablet(GOOGLE, explores=True, flag="1"))
    assert step.shown() == (
        "settings delete secure enabled_accessibility_services",
        "settings put secure accessibility_enabled 0",
    )
    assert talkback(on=False).steps(tablet(OTHER, flag="1")) == ()


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"components": ()}, "at least one"),
        ({"components": ("talkback",)}, "not a package name"),
        ({"service": "Talk Back"}, "not a short name"),
    ],
)
def test_a_service_nobody_could_find_is_refused(parts: dict[str, Any], words: str) -> None:
    given: dict[str, Any] = {"service": "talkback", "title": "T", "components": (GOOGLE,), "reason": "x"}
    with pytest.raises(ValueError, match=words):
        AccessibilityService(**{**given, **parts})
