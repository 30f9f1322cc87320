"""One kind of sound is as loud as it should be, in per cent of what the tablet can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from provisioning.errors import Unsupported
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.facts.volume import Stream, Volume, VolumeTool, volume
from provisioning.resources.resource import Resource
from provisioning.resources.step import Step, run

_NAMES = {
    Stream.CALL: "the voice in calls",
    Stream.SYSTEM: "taps and keys",
    Stream.RING: "ringing",
    Stream.MEDIA: "films, music and video calls",
    Stream.ALARM: "alarms",
    Stream.NOTIFICATION: "notifications",
    Stream.SPOKEN: "the screen reader's voice",
}


@dataclass(frozen=True, kw_only=True)
class VolumeLevel(Resource[Volume]):
    stream: Stream
    percent: int
    kind: Literal["volume"] = "volume"

    def __post_init__(self) -> None:
        if not 0 <= self.percent <= 100:
            raise ValueError(f"{self.percent} % is not a loudness from 0 to 100 %")

    @property
    def id(self) -> str:
        return f"volume/{self.stream.value}"

    @property
    def sentence(self) -> str:
        if self.percent == 0:
            return f"There is no sound for {_NAMES[self.stream]}"
        return f"The loudness of {_NAMES[self.stream]} is {self.percent} %"

    def facts(self) -> tuple[Fact[Any], ...]:
        return (volume(self.stream),)

    def read(self, observed: Observation) -> Volume:
        return observed.value(volume(self.stream))

    def decide(self, state: Volume) -> tuple[Step, ...]:
        if state.tool is VolumeTool.NONE:
            raise Unsupported("This tablet has no command for its loudness; its own buttons still change it.")
        wanted = self.wanted(state)
        if state.level == wanted:
            return ()
        put = run(state.tool.value, "volume --stream", self.stream.number, "--set", str(wanted))
        return (self.step(f"{self.sentence} (step {wanted} of {state.most}, was {state.level}).", put),)

    def wanted(self, state: Volume) -> int:
        """The step to ask for on this tablet: some kinds of sound cannot be silenced below their least."""
        return max(state.least, round(state.most * self.percent / 100))
