"""What every bench offers: a place with tablets that can be seen, and opened one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from provisioning.transports.base import Transport
from provisioning.transports.sighting import Sighting


@dataclass(frozen=True)
class Attached:
    """What is plugged into a bench at one moment.

    `unseen` holds a sentence for each way of looking that did not work: no adb server running, libusb missing. With
    one of those there, a tablet that is not listed may still be plugged in.
    """

    sightings: tuple[Sighting, ...]
    unseen: tuple[str, ...] = ()


class Bench(Protocol):
    """A bench, here or on another machine. Its owner closes it; tablets opened through it end with it."""

    @property
    def name(self) -> str:
        """What people call it, as it stands in messages."""
        ...

    def open_tablet(self, address: str, *, on_prompt: Callable[[], None] | None = None) -> Transport:
        """Connect to a tablet, in any form of `provisioning.transports.address`, as seen from the bench.

        Raises `provisioning.errors.TransportError`. `on_prompt` is called when the tablet asks its holder.
        """
        ...

    def attached(self) -> Attached:
        """What is plugged in, none of it opened. One tablet may be seen twice; see `same_tablet.unify`."""
        ...

    def watch(self, *, idle_seconds: float = 2.0) -> Iterator[Attached]:
        """What is plugged in, at once, after each change an adb server tells of, and again after `idle_seconds`."""
        ...

    def close(self) -> None:
        """Give everything back. Safe to call twice."""
        ...
