"""Puts one tablet on a port: as a context for tests and benches, and as a command that runs until it is stopped."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from provisioning.virtual.adbd.daemon import AdbDaemon
from provisioning.virtual.device import TabletHost
from provisioning.virtual.tablet import VirtualTablet

LOOPBACK = "127.0.0.1"


@contextlib.contextmanager
def listening(tablet: VirtualTablet, *, host: str = LOOPBACK, port: int = 0) -> Iterator[int]:
    """Let the tablet answer ADB on a port (0 takes any free one) and yield the port."""
    daemon = AdbDaemon(TabletHost(tablet), host, port, legacy_close=tablet.personality.legacy_wire)
    daemon.start()
    try:
        yield daemon.port
    finally:
        daemon.close()
