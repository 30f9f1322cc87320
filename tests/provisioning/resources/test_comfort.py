"""Lock screen, buttons and sounds: done where there is a command, said where there is none."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import NeedsPerson, Unsupported
from provisioning.facts.fact import Fact
from provisioning.facts.lock_screen import LOCK_SCREEN, LockScreen, LockState
from provisioning.facts.observation import Observation
from provisioning.facts.packages import ENABLED_PACKAGES, PackageNames
from provisioning.facts.settings import SETTINGS_GLOBAL, SETTINGS_SECURE, SettingsTable
from provisioning.resources.comfort import DoNotDisturb, SwipeRemoved, ThreeButtons
from tests.provisioning.observations import observed, on_android

OVERLAY = "com.android.internal.systemui.navbar.threebutton"
SWIPE, BUTTONS = SwipeRemoved(reason="x"), ThreeButtons(reason="x")


def test_the_swipe_goes_once() -> None:
    (step,) = SWIPE.steps(observed({LOCK_SCREEN: LockScreen(LockState.SHOWN)}))
    assert step.shown() == ("locksettings set-disabled true",)
    assert SWIPE.steps(observed({LOCK_SCREEN: LockScreen(LockState.REMOVED)})) == ()
    with pytest.raises(Unsupported):
        SWIPE.steps(observed({LOCK_SCREEN: LockScreen(LockState.NOT_TOLD)}))


def navigation(mode: str | None, *, offered: bool = True, sdk: int = 33) -> Observation:
    changes: dict[Fact[Any], object] = {
        SETTINGS_SECURE: SettingsTable({"x": "y"} if mode is None else {"navigation_mode": mode}),
        ENABLED_PACKAGES: PackageNames((OVERLAY,) if offered else ("android",)),
        **on_android(sdk),
    }
    return observed(changes)


@pytest.mark.parametrize("mode", ["1", "2", None])
def test_gestures_give_way_to_buttons(mode: str | None) -> None:
    (step,) = BUTTONS.steps(navigation(mode))
    assert step.shown() == (f"cmd overlay enable-exclusive --category {OVERLAY}",)


@pytest.mark.parametrize("seen", [navigation("0"), navigation(None, offered=False, sdk=28)])
def test_a_tablet_that_has_buttons_needs_nothing(seen: Observation) -> None:
    assert BUTTONS.steps(seen) == ()


def test_a_maker_without_the_overlay_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        BUTTONS.steps(navigation("2", offered=False))


def quiet(zen: str | None, sdk: int = 33) -> Observation:
    settings = {"auto_time": "1"} if zen is None else {"zen_mode": zen}
    changes: dict[Fact[Any], object] = {SETTINGS_GLOBAL: SettingsTable(settings), **on_android(sdk)}
    return observed(changes)


def test_do_not_disturb_is_set_by_command_from_android_11_on() -> None:
    priority = DoNotDisturb(mode="priority", reason="x")
    assert priority.steps(quiet("0"))[0].shown() == ("cmd notification set_dnd priority",)
    assert priority.steps(quiet("1")) == ()
    assert DoNotDisturb(mode="off", reason="x").steps(quiet(None)) == ()
    with pytest.raises(NeedsPerson, match="Do not disturb” on"):
        priority.steps(quiet("0", sdk=28))
    with pytest.raises(NeedsPerson, match="Do not disturb” off"):
        DoNotDisturb(mode="off", reason="x").steps(quiet("2", sdk=28))
