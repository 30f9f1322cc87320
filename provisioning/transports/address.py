"""Where a tablet is, as text a person can type and a row can keep: ``tcp:HOST:PORT``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from provisioning.errors import AddressInvalid
from provisioning.transports.adb_tcp import connect_tcp
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey

SCHEMES = {"tcp": "tcp:HOST:PORT, for example tcp:192.0.2.7:5555"}
_HOST_AND_PORT = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.%\w]+)\]|(?P<host>[^\s:\[\]]+)):(?P<port>\d{1,5})")


@dataclass(frozen=True)
class TcpAddress:
    host: str
    port: int

    def __str__(self) -> str:
        return f"tcp:[{self.host}]:{self.port}" if ":" in self.host else f"tcp:{self.host}:{self.port}"


def parse_address(text: str) -> TcpAddress:
    """Raises `AddressInvalid`, naming the forms that work."""
    scheme, separator, rest = text.strip().partition(":")
    if not separator or scheme not in SCHEMES:
        raise AddressInvalid(f"{text!r} is not a tablet's address. Write {' or '.join(SCHEMES.values())}.")
    return TcpAddress(*parse_host_and_port(rest, whole=text))


def parse_host_and_port(text: str, *, whole: str = "") -> tuple[str, int]:
    match = _HOST_AND_PORT.fullmatch(text)
    port = int(match["port"]) if match else 0
    if match is None or not 0 < port < 65536:
        raise AddressInvalid(
            f"{(whole or text)!r} does not name a host and a port from 1 to 65535. Write {SCHEMES['tcp']}."
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
    """Connect to the tablet at `address`; raises `AddressInvalid` besides what `connect_tcp` raises."""
    place = parse_address(address)
    return connect_tcp(
        place.host,
        place.port,
        signer=signer,
        timeout_seconds=timeout_seconds,
        auth_wait_seconds=auth_wait_seconds,
        poll_seconds=poll_seconds,
        on_prompt=on_prompt,
    )
