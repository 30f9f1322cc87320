"""What was read from one tablet at one moment: for every fact its value, or why it could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from provisioning.errors import FactUnreadable
from provisioning.facts.addresses import without_addresses
from provisioning.facts.fact import Fact
from provisioning.facts.plain import Plain, to_plain

T = TypeVar("T")


@dataclass(frozen=True)
class Unreadable:
    """Stands where a value would be; `why` is a sentence's second half."""

    why: str


@dataclass(frozen=True)
class Observation:
    """Readings by fact name, and when (host clock, timezone-aware) they were taken."""

    taken_at: datetime
    readings: Mapping[str, object]

    def value(self, fact: Fact[T]) -> T:
        """The fact's value. Raises `FactUnreadable` where it was not read, for whatever reason."""
        reading = self.readings.get(fact.name)
        if isinstance(reading, fact.kind):
            return reading
        if isinstance(reading, Unreadable):
            raise FactUnreadable(fact.name, reading.why)
        raise FactUnreadable(fact.name, "it was not asked for")

    def readable(self, fact: Fact[T]) -> T | None:
        """The fact's value, or None where it could not be read: only for showing, never for deciding."""
        try:
            return self.value(fact)
        except FactUnreadable:
            return None

    @property
    def unreadable(self) -> dict[str, str]:
        """Why, for each fact that was asked for and could not be read."""
        return {name: reading.why for name, reading in self.readings.items() if isinstance(reading, Unreadable)}

    def to_json(self) -> Plain:
        """For each fact its value or ``{"unreadable": why}``; nothing is invented.

        An e-mail address, which a donor may have left in any setting, is not put down: what is stored names nobody.
        """
        return {
            "taken_at": self.taken_at.isoformat(),
            "facts": {name: without_addresses(_plain(reading)) for name, reading in sorted(self.readings.items())},
        }


def _plain(reading: object) -> Any:
    return {"unreadable": reading.why} if isinstance(reading, Unreadable) else to_plain(reading)
