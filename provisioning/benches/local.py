"""The bench this program runs on: tablets are reached directly."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from provisioning.benches.base import Attached
from provisioning.benches.watching import watch
from provisioning.errors import CannotConnect
from provisioning.transports.adb_usb import Bus, adb_interfaces, attached_on_usb
from provisioning.transports.address import open_place, parse_address
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey
from provisioning.transports.link import Patience
from provisioning.transports.packet_link import Greeting
from provisioning.transports.reach import Reach, from_here
from provisioning.transports.sighting import Sighting


@dataclass(frozen=True)
class LocalBench:
    tablet_key: BenchKey
    name: str = "this bench"
    connect_seconds: float = 10.0
    auth_wait_seconds: float = 3.0
    poll_seconds: float = 1.0
    usb: Bus = adb_interfaces

    def open_tablet(self, address: str, *, on_prompt: Callable[[], None] | None = None) -> Transport:
        """`address` is in any form that `provisioning.transports.address` knows."""
        place = parse_address(address)
        patience = Patience(self.connect_seconds, self.auth_wait_seconds, poll_seconds=self.poll_seconds)
        return open_place(place, self._reach, Greeting(str(place), self.tablet_key, patience, on_prompt))

    def attached(self) -> Attached:
        """What the adb server here tracks, and what is on USB whether or not a server runs."""
        sightings: list[Sighting] = []
        unseen: list[str] = []
        for look in (self._reach().server().tablets, lambda: attached_on_usb(self.usb)):
            try:
                sightings.extend(look())
            except CannotConnect as error:
                unseen.append(str(error))
        return Attached(tuple(sightings), tuple(unseen))

    def watch(self, *, idle_seconds: float = 2.0) -> Iterator[Attached]:
        return watch(self.attached, lambda: self._reach().server(), idle_seconds=idle_seconds)

    def close(self) -> None:
        """Nothing is held between tablets."""

    def _reach(self) -> Reach:
        return from_here(seconds=self.connect_seconds, usb=self.usb)
