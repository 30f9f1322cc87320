"""What time the tablet thinks it is."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, shown
from provisioning.facts.observation import Observation


@dataclass(frozen=True)
class TabletClock:
    epoch_seconds: int


def parse_clock(text: str) -> TabletClock:
    if not text.strip().isdigit():
        raise ValueError(f"date printed {shown(text)}")
    return TabletClock(int(text.strip()))


CLOCK = Fact("clock", Command("date +%s"), TabletClock, parse_clock)


def clock_delta_seconds(observation: Observation) -> int:
    """Tablet minus host, in seconds; above 120 worth a warning, above a day secure connections fail."""
    return observation.value(CLOCK).epoch_seconds - round(observation.taken_at.timestamp())
