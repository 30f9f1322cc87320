"""Switched-off apps: never one that a tablet cannot do without."""

from __future__ import annotations

import pytest

from provisioning.errors import FactUnreadable, Unsupported
from provisioning.facts.packages import ENABLED_PACKAGES
from provisioning.resources.package_off import PackageDisabled
from tests.provisioning.observations import observed


def test_a_preload_is_switched_off_once() -> None:
    preload = PackageDisabled(package="com.example.preload", title="The shop", reason="Gets in the way")
    (step,) = preload.steps(observed())
    assert step.shown() == ("pm disable-user --user 0 com.example.preload",)
    gone = PackageDisabled(package="com.example.gone", title="Gone", reason="Gets in the way")
    assert gone.steps(observed()) == ()


def test_an_unreadable_package_list_does_not_pass_for_switched_off() -> None:
    preload = PackageDisabled(package="com.example.preload", title="The shop", reason="Gets in the way")
    with pytest.raises(FactUnreadable):
        preload.steps(observed({ENABLED_PACKAGES: None}))


@pytest.mark.parametrize(
    "package",
    [
        "com.android.systemui",
        "com.android.settings",
        "com.samsung.android.kgclient",
        "com.google.android.gms",
        "com.android.providers.media",
        "com.google.android.inputmethod.latin",
        "org.doorstep.home",
    ],
)
def test_what_a_tablet_cannot_do_without_is_never_switched_off(package: str) -> None:
    with pytest.raises(ValueError, match="protected"):
        PackageDisabled(package=package, title="x", reason="y")


def test_the_keyboard_in_use_stays_on() -> None:
    keyboard = PackageDisabled(package="com.example.keyboard", title="Keys", reason="x")
    state = observed({ENABLED_PACKAGES: ENABLED_PACKAGES.parse("package:com.example.keyboard\n")})
    with pytest.raises(Unsupported, match="keyboard"):
        keyboard.steps(state)
