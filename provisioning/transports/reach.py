"""How a program gets to where tablets are: straight from this computer, or through a bench."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from provisioning.transports.adb_server import AdbServer, usual_port
from provisioning.transports.adb_usb import Bus, adb_interfaces
from provisioning.transports.bytelink import ByteLink, tcp_link

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Reach:
    """A way to places: `wire_to(host, port)` makes an unconnected wire. `via` names the bench in between."""

    wire_to: Callable[[str, int], ByteLink]
    server_port: int
    """Of the adb server that runs where the tablets are."""
    via: str = ""
    seconds: float = 10.0
    usb: Bus = adb_interfaces
    """This computer's USB ports; nothing leads to another's."""

    def server(self, host: str = "", port: int = 0) -> AdbServer:
        """The adb server at a place, or the usual one there."""
        named = f"{host}:{port}/" if host else ""
        host, port = host or LOOPBACK, port or self.server_port
        place = f"{host}:{port}" + (f" on bench {self.via}" if self.via else "")
        return AdbServer(place, lambda: self.wire_to(host, port), named, self.seconds)


def from_here(*, seconds: float = 10.0, usb: Bus = adb_interfaces) -> Reach:
    """What this computer reaches by itself."""
    return Reach(tcp_link, usual_port(), seconds=seconds, usb=usb)
