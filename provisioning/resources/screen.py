"""The screen is dark or light, and things on it are as large as they should be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from provisioning.errors import Unsupported
from provisioning.facts.display import DISPLAY, Display
from provisioning.facts.fact import Fact
from provisioning.facts.home import NIGHT
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.resources.resource import Resource
from provisioning.resources.step import Step, run

# `wm density` refuses anything lower (WindowManagerShellCommand, API 34).
LEAST_DENSITY = 72
# Below this width in dp Android lays itself out as on a phone.
TABLET_WIDTH_DP = 600


# `cmd uimode` came with Android 9.
NIGHT_SINCE_SDK = 28


@dataclass(frozen=True)
class NightState:
    """`mode` is None on an Android that has no dark mode."""

    mode: str | None


@dataclass(frozen=True, kw_only=True)
class NightMode(Resource[NightState]):
    mode: Literal["yes", "no", "auto"]
    kind: Literal["night"] = "night"

    @property
    def id(self) -> str:
        return "night"

    @property
    def sentence(self) -> str:
        words = {
            "yes": "light on dark",
            "no": "dark on light",
            "auto": "dark on light by day and light on dark by night",
        }
        return f"Words are {words[self.mode]}"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (NIGHT, IDENTITY)

    def read(self, observed: Observation) -> NightState:
        if observed.value(IDENTITY).sdk < NIGHT_SINCE_SDK:
            return NightState(None)
        return NightState(observed.value(NIGHT).mode)

    def decide(self, state: NightState) -> tuple[Step, ...]:
        if state.mode is None:
            raise Unsupported("This tablet's Android has no dark mode.")
        if state.mode == self.mode:
            return ()
        return (self.step(f"{self.sentence}.", run("cmd uimode night", self.mode)),)


@dataclass(frozen=True, kw_only=True)
class DisplayDensity(Resource[Display]):
    """`percent` is of the density the screen was built with: above 100 makes everything larger.

    Where that would turn a tablet's layout into a phone's, the largest density that keeps it is used instead.
    """

    percent: int
    kind: Literal["density"] = "density"

    def __post_init__(self) -> None:
        if not 80 <= self.percent <= 150:
            raise ValueError(f"{self.percent} % is outside the 80 to 150 % in which Android stays usable")

    @property
    def id(self) -> str:
        return "density"

    @property
    def sentence(self) -> str:
        return f"Everything on the screen is shown at {self.percent} % of its size"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (DISPLAY,)

    def read(self, observed: Observation) -> Display:
        return observed.value(DISPLAY)

    def decide(self, state: Display) -> tuple[Step, ...]:
        wanted = self.wanted(state)
        if state.density_in_use == wanted:
            return ()
        if wanted < LEAST_DENSITY:
            raise Unsupported(f"This screen's density would be {wanted}, less than Android allows.")
        if wanted == state.density:
            return (self.step("Show everything at the size the screen was made for.", run("wm density reset")),)
        return (self.step(f"{self.sentence} (density {wanted}).", run("wm density", str(wanted))),)

    def wanted(self, display: Display) -> int:
        """Dots per inch to ask for on this screen."""
        asked = round(display.density * self.percent / 100)
        if display.smallest_width_dp(display.density) < TABLET_WIDTH_DP:
            return asked
        return min(asked, min(display.width, display.height) * 160 // TABLET_WIDTH_DP)
