"""Where a tablet is, as text a person can type and a row can keep, and how to get there.

tcp:HOST:PORT           a tablet's own ADB daemon on the network
usb:1-4.2               a USB port of this computer: bus 1, port 4, port 2 of the hub there
adb:SERIAL              what a running adb server calls by this serial
adb:usb:1-4.2           the tablet on this USB port, through a running adb server
adb:HOST:PORT/…         the same, through the adb server at HOST:PORT
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from provisioning.errors import AddressInvalid
from provisioning.transports.adb_transport import AdbTransport, Installer
from provisioning.transports.adb_usb import UsbWire
from provisioning.transports.base import Transport
from provisioning.transports.install import install_app
from provisioning.transports.keys import BenchKey
from provisioning.transports.link import Link, Patience
from provisioning.transports.packet_link import Greeting, PacketLink
from provisioning.transports.reach import Reach, from_here
from provisioning.transports.server_link import ServerLink

SCHEMES = {
    "tcp": "tcp:HOST:PORT, for example tcp:192.0.2.7:5555",
    "usb": "usb:BUS-PORT, for example usb:1-4.2",
    "adb": "adb:SERIAL or adb:usb:BUS-PORT for a tablet of a running adb server (adb:HOST:PORT/… for one elsewhere)",
}
_HOST_AND_PORT = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.%\w]+)\]|(?P<host>[^\s:\[\]/]+)):(?P<port>\d{1,5})")
_USB_PATH = re.compile(r"\d{1,3}-\d{1,3}(?:\.\d{1,3})*")


@dataclass(frozen=True)
class TcpAddress:
    host: str
    port: int

    def __str__(self) -> str:
        return f"tcp:{_joined(self.host, self.port)}"


@dataclass(frozen=True)
class UsbAddress:
    path: str
    """Linux's name of the port, ``1-4.2``, which stays through restarts and changes of serial."""

    def __str__(self) -> str:
        return f"usb:{self.path}"


@dataclass(frozen=True)
class ServerAddress:
    tablet: str
    """As the server is asked for it: a serial, or ``usb:1-4.2``."""
    host: str = ""
    """Empty for the usual server of the computer concerned."""
    port: int = 0

    def __str__(self) -> str:
        return f"adb:{_joined(self.host, self.port)}/{self.tablet}" if self.host else f"adb:{self.tablet}"


Address = TcpAddress | UsbAddress | ServerAddress


def parse_address(text: str) -> Address:
    """Raises `AddressInvalid`, naming the forms that work."""
    scheme, separator, rest = text.strip().partition(":")
    if not separator or scheme not in SCHEMES:
        raise AddressInvalid(f"{text!r} is not a tablet's address. Write {'; or '.join(SCHEMES.values())}.")
    if scheme == "tcp":
        return TcpAddress(*parse_host_and_port(rest, whole=text))
    return _usb(rest, whole=text) if scheme == "usb" else _server(rest, whole=text)


def parse_host_and_port(text: str, *, whole: str = "", form: str = "tcp") -> tuple[str, int]:
    match = _HOST_AND_PORT.fullmatch(text)
    port = int(match["port"]) if match else 0
    if match is None or not 0 < port < 65536:
        raise AddressInvalid(
            f"{(whole or text)!r} does not name a host and a port from 1 to 65535. Write {SCHEMES[form]}."
        )
    return match["six"] or match["host"], port


def connect(
    address: str,
    *,
    signer: BenchKey,
    timeout_seconds: float = 10.0,
    auth_wait_seconds: float = 3.0,
    poll_seconds: float = 1.0,
    on_prompt: Callable[[], None] | None = None,
) -> Transport:
    """Connect to the tablet at `address` as seen from this computer.

    Raises `AddressInvalid`, `NotAuthorised` once the tablet asks its holder, or `CannotConnect` and what is below it.
    The prompt on the tablet is waited for only `auth_wait_seconds`; `on_prompt` is called as that wait begins.
    """
    patience = Patience(timeout_seconds, auth_wait_seconds, poll_seconds=poll_seconds)
    place = parse_address(address)
    greeting = Greeting(str(place), signer, patience, on_prompt)
    return open_place(place, lambda: from_here(seconds=timeout_seconds), greeting)


def open_place(
    place: Address, reach: Callable[[], Reach], greeting: Greeting, installer: Installer = install_app
) -> AdbTransport:
    """A transport to `place`; `reach` is asked anew for each link, so that a bench may have reconnected meanwhile."""
    return AdbTransport(greeting.address, lambda: _new_link(place, reach(), greeting), greeting.patience, installer)


def _new_link(place: Address, reach: Reach, greeting: Greeting) -> Link:
    match place:
        case TcpAddress(host, port):
            return PacketLink(reach.wire_to(host, port), greeting)
        case UsbAddress() if reach.via:
            # SSH carries no USB, so a port of a bench elsewhere is reached through the adb server there.
            return ServerLink(reach.server(), str(place), greeting)
        case UsbAddress(path):
            return PacketLink(UsbWire(path, reach.usb), greeting)
        case ServerAddress(tablet, host, port):
            return ServerLink(reach.server(host, port), tablet, greeting)


def _usb(path: str, *, whole: str) -> UsbAddress:
    if not _USB_PATH.fullmatch(path):
        raise AddressInvalid(f"{whole!r} does not name a USB port. Write {SCHEMES['usb']}.")
    return UsbAddress(path)


def _server(rest: str, *, whole: str) -> ServerAddress:
    """What stands before the first slash is the server; a serial with a slash in it needs the server written out."""
    place, slash, tablet = rest.partition("/")
    if not slash:
        place, tablet = "", rest
    if not tablet.strip():
        raise AddressInvalid(f"{whole!r} names no tablet. Write {SCHEMES['adb']}.")
    return (
        ServerAddress(tablet, *parse_host_and_port(place, whole=whole, form="adb")) if place else ServerAddress(tablet)
    )


def _joined(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
