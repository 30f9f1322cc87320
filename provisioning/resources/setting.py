"""A key in one of Android's settings tables has a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from provisioning.command import Quoted
from provisioning.errors import Unsupported
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.facts.settings import SETTINGS, Namespace
from provisioning.resources.resource import Resource
from provisioning.resources.step import Step, run


@dataclass(frozen=True)
class SettingState:
    """`value` is None where the key is missing."""

    value: str | None
    sdk: int


def _between(least: float, most: float) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        return re.fullmatch(r"-?\d+(\.\d+)?", value) is not None and least <= float(value) <= most

    return fits


def _one_of(*values: str) -> Callable[[str], bool]:
    return lambda value: value in values


_SWITCH = _one_of("0", "1")

# What Android accepts or people can live with, by key (android.md 5.1 and 5.2; SettingsProvider's validators).
VALIDATORS: Mapping[str, Callable[[str], bool]] = {
    "font_scale": _between(0.85, 2.0),
    "font_weight_adjustment": _between(0, 1000),
    "screen_off_timeout": _between(15_000, 3_600_000),
    "long_press_timeout": _between(200, 3_000),
    "window_animation_scale": _between(0, 10),
    "transition_animation_scale": _between(0, 10),
    "animator_duration_scale": _between(0, 10),
    "stay_on_while_plugged_in": _between(0, 15),
    "accessibility_interactive_ui_timeout_ms": _between(0, 120_000),
    "accessibility_non_interactive_ui_timeout_ms": _between(0, 120_000),
    "user_rotation": _one_of("0", "1", "2", "3"),
    "accelerometer_rotation": _SWITCH,
    "high_text_contrast_enabled": _SWITCH,
    "notification_badging": _SWITCH,
    "accessibility_captioning_enabled": _SWITCH,
    "accessibility_display_inversion_enabled": _SWITCH,
    "accessibility_display_magnification_enabled": _SWITCH,
    "accessibility_large_pointer_icon": _SWITCH,
    "master_mono": _SWITCH,
    "auto_time": _SWITCH,
    "auto_time_zone": _SWITCH,
    "verifier_verify_adb_installs": _SWITCH,
}

# Recomputed or only mirrored by Android: writing them changes nothing that a person would notice (android.md 5.2).
_DERIVED = frozenset({"touch_exploration_enabled", "navigation_mode", "zen_mode", "display_density_forced"})


@dataclass(frozen=True, kw_only=True)
class Setting(Resource[SettingState]):
    """`means` is the setting in a person's words; `since_sdk` the first Android that knows the key."""

    namespace: Namespace
    key: str
    value: str
    means: str
    since_sdk: int = 0
    kind: Literal["setting"] = "setting"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z][\w.]*", self.key):
            raise ValueError(f"“{self.key}” is not a settings key")
        if self.key in _DERIVED:
            raise ValueError(f"Android works {self.key} out for itself; writing it does nothing")
        if self.key in VALIDATORS and not VALIDATORS[self.key](self.value):
            raise ValueError(f"“{self.value}” is not a value that {self.key} can have")
        if not self.value or self.value == "null" or "\n" in self.value:
            raise ValueError(f"{self.key} needs one line of text as its value")

    @property
    def id(self) -> str:
        return f"setting/{self.namespace}/{self.key}"

    @property
    def sentence(self) -> str:
        return self.means

    def facts(self) -> tuple[Fact[Any], ...]:
        return (SETTINGS[self.namespace], IDENTITY)

    def read(self, observed: Observation) -> SettingState:
        return SettingState(observed.value(SETTINGS[self.namespace]).get(self.key), observed.value(IDENTITY).sdk)

    def decide(self, state: SettingState) -> tuple[Step, ...]:
        if state.value is not None and same_value(state.value, self.value):
            return ()
        if state.sdk < self.since_sdk:
            raise Unsupported(f"This tablet's Android has no setting for: {self.means}")
        was = "not set" if state.value is None else f"was {state.value}"
        put = run("settings put", self.namespace.value, self.key, Quoted(self.value))
        return (self.step(f"{self.means} ({self.key} {self.value}, {was}).", put),)


def same_value(one: str, other: str) -> bool:
    """Equal as text or, where both are numbers, as numbers: Android stores ``1`` and ``1.0`` as it was given them."""
    if one == other:
        return True
    number = re.compile(r"-?\d+(\.\d+)?")
    return bool(number.fullmatch(one) and number.fullmatch(other)) and float(one) == float(other)
