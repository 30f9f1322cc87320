"""A tablet as it is seen without speaking to it: in an adb server's list, or on the USB bus."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a tablet is, in adb's own words; `UNOPENED` is ours, for a USB port nobody has opened."""

    READY = "device"
    OFFLINE = "offline"
    CONNECTING = "connecting"
    AUTHORISING = "authorizing"
    UNAUTHORISED = "unauthorized"
    NOT_PERMITTED = "no permissions"
    RECOVERY = "recovery"
    RESCUE = "rescue"
    SIDELOAD = "sideload"
    BOOTLOADER = "bootloader"
    DETACHED = "detached"
    HOST = "host"
    UNOPENED = "unopened"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Sighting:
    """One way in which a tablet is seen. `address` is what a bench's `open_tablet` takes."""

    address: str
    name: str
    """What adb calls it: a serial, ``HOST:PORT``, or a name on the local network."""
    serial: str
    """The tablet's own serial, as `ro.serialno` has it; empty where only a network address is known."""
    state: State
    usb_path: str = ""
    """Bus and ports, as ``1-4.2``: the same physical socket through restarts. Empty over a network."""
    model: str = ""
    transport_id: int = 0
    """The adb server's number for this one attachment; 0 where no server is in between."""

    @property
    def ready(self) -> bool:
        return self.state is State.READY


_PROPERTY = re.compile(r"\s+([a-z_]+):(\S+)$")
_NETWORK_NAME = re.compile(r"adb-(.+)-\w{6}(?: \(\d+\))?\._adb(?:-tls-connect)?\._tcp\.?")
"""How Android announces itself: ``adb-SERIAL-`` and six random letters (adb, daemon/mdns.cpp)."""
_HOST_AND_PORT = re.compile(r".+:\d{1,5}")
_NO_SERIAL = frozenset({"(no serial number)", "????????????", "unknown"})
_CHATTER = ("List of devices", "* ", "adb server version")
_STATES = tuple(sorted((state.value for state in State), key=len, reverse=True))


def parse_list(text: str, *, server: str = "") -> tuple[Sighting, ...]:
    """Read what ``host:devices-l`` and ``host:track-devices-l`` answer.

    `server` stands in the addresses, as ``HOST:PORT/``. Lines are read from the right, for serials and states may
    hold spaces (adb, client/transport.cpp); entries with one serial are kept apart.
    """
    lines = (line.rstrip() for line in text.splitlines())
    return tuple(_parse_line(line, server) for line in lines if line.strip() and not line.startswith(_CHATTER))


def _parse_line(line: str, server: str) -> Sighting:
    properties: dict[str, str] = {}
    while match := _PROPERTY.search(line):
        properties[match[1]] = match[2]
        line = line[: match.start()]
    name, state = _name_and_state(line.strip())
    path = properties.get("usb", "")
    number = properties.get("transport_id", "")
    return Sighting(
        address=f"adb:{server}usb:{path}" if path else f"adb:{server}{name}",
        name=name,
        serial=_serial(name, path),
        state=state,
        usb_path=path,
        model=properties.get("model", "").replace("_", " "),
        transport_id=int(number) if number.isdecimal() else 0,
    )


def _name_and_state(text: str) -> tuple[str, State]:
    name, found, _ = text.partition(f" {State.NOT_PERMITTED}")
    if found:
        return name.strip(), State.NOT_PERMITTED
    for state in _STATES:
        if text.endswith(f" {state}"):
            return text.removesuffix(state).strip(), State(state)
    return text.rpartition(" ")[0].strip() or text, State.UNKNOWN


def _serial(name: str, usb_path: str) -> str:
    if name in _NO_SERIAL:
        return ""
    if usb_path:
        return name
    if announced := _NETWORK_NAME.fullmatch(name):
        return announced[1]
    return "" if _HOST_AND_PORT.fullmatch(name) else name
