"""Reaching a tablet whose ADB daemon listens on a network port."""

from __future__ import annotations

from collections.abc import Callable

from provisioning.transports.adb_transport import AdbTransport
from provisioning.transports.bytelink import tcp_link
from provisioning.transports.keys import BenchKey
from provisioning.transports.link import Patience
from provisioning.transports.packet_link import Greeting, PacketLink


def connect_tcp(
    host: str,
    port: int,
    *,
    signer: BenchKey,
    timeout_seconds: float = 10.0,
    auth_wait_seconds: float = 3.0,
    poll_seconds: float = 1.0,
    on_prompt: Callable[[], None] | None = None,
) -> AdbTransport:
    """Connect and authenticate. Raises `CannotConnect` or, once the tablet asks its holder, `NotAuthorised`.

    The prompt on the tablet is waited for only `auth_wait_seconds`; `on_prompt` is called as that wait begins.
    `poll_seconds` is the pause between looks at a tablet that is starting.
    """
    shown = f"[{host}]" if ":" in host else host
    patience = Patience(timeout_seconds, auth_wait_seconds, poll_seconds=poll_seconds)
    greeting = Greeting(f"tcp:{shown}:{port}", signer, patience, on_prompt)
    return AdbTransport(greeting.address, lambda: PacketLink(tcp_link(host, port), greeting), patience)
