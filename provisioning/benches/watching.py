"""Looking at what is plugged in again and again: at once when an adb server says so, else every few seconds."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from provisioning.benches.base import Attached
from provisioning.errors import TransportError
from provisioning.transports.adb_server import AdbServer


def watch(
    look: Callable[[], Attached],
    server: Callable[[], AdbServer],
    *,
    idle_seconds: float,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Attached]:
    """What `look` sees, for ever. A server, or a way to it, that ends meanwhile changes only how soon news comes."""
    while True:
        try:
            for _ in server().changes(idle_seconds=idle_seconds):
                yield look()
        except TransportError:
            yield look()
            sleep(idle_seconds)
