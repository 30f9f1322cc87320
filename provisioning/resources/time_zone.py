"""The clock shows the time of a given place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from provisioning.command import Quoted
from provisioning.errors import NeedsPerson
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.facts.properties import PROPERTIES
from provisioning.facts.settings import SETTINGS_GLOBAL
from provisioning.resources.resource import Phase, Resource
from provisioning.resources.step import Step, run

# `cmd alarm` came with Android 9 (android.md 5.7).
_SINCE_SDK = 28
_SCREEN = "android.settings.DATE_SETTINGS"


@dataclass(frozen=True)
class ZoneState:
    """`automatic` is whether a mobile network may change it; a tablet that never said so may."""

    zone: str | None
    automatic: bool
    sdk: int


@dataclass(frozen=True, kw_only=True)
class TimeZone(Resource[ZoneState]):
    """`zone` as in ``Europe/London``. A tablet on Wi-Fi has no network that could tell it, so it is set once."""

    phase: ClassVar[Phase] = Phase.CLOCK

    zone: str
    kind: Literal["time_zone"] = "time_zone"

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z][A-Za-z]+(/[A-Z][A-Za-z_+-]+)+|UTC", self.zone):
            raise ValueError(f"“{self.zone}” is not a time zone such as Europe/London")

    @property
    def id(self) -> str:
        return "time_zone"

    @property
    def sentence(self) -> str:
        return f"The clock shows the time of {self.zone.rpartition('/')[2].replace('_', ' ')}"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (PROPERTIES, SETTINGS_GLOBAL, IDENTITY)

    def read(self, observed: Observation) -> ZoneState:
        return ZoneState(
            observed.value(PROPERTIES).first("persist.sys.timezone"),
            observed.value(SETTINGS_GLOBAL).get("auto_time_zone") != "0",
            observed.value(IDENTITY).sdk,
        )

    def decide(self, state: ZoneState) -> tuple[Step, ...]:
        if state.zone == self.zone and not state.automatic:
            return ()
        fixed = run("settings put global auto_time_zone 0")
        if state.zone == self.zone:
            return (self.step("Keep the time zone as it is, whatever a network says.", fixed),)
        if state.sdk < _SINCE_SDK:
            raise NeedsPerson(
                f"On the tablet, under Date and time, switch “Automatic time zone” off and choose {self.zone}.",
                screen=_SCREEN,
            )
        words = f"{self.sentence} (was {state.zone or 'not set'})."
        return (self.step(words, fixed, run("cmd alarm set-timezone", Quoted(self.zone))),)
