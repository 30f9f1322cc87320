"""Reaching a tablet whose ADB daemon listens on a network port."""

from __future__ import annotations

from collections.abc import Callable

from provisioning.transports.adb_transport import AdbTransport, ConnectSettings
from provisioning.transports.bytelink import tcp_link
from provisioning.transports.keys import BenchKey


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
    return AdbTransport(
        ConnectSettings(
            address=f"tcp:{shown}:{port}",
            new_link=lambda: tcp_link(host, port),
            key=signer,
            connect_seconds=timeout_seconds,
            auth_wait_seconds=auth_wait_seconds,
            poll_seconds=poll_seconds,
            on_prompt=on_prompt,
        )
    )
