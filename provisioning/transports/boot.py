"""Waiting until Android, and not only its ADB daemon, is up."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from provisioning.command import Command
from provisioning.errors import CommandTimedOut

if TYPE_CHECKING:
    from provisioning.transports.base import Transport

PROBE = Command('echo "boot=$(getprop sys.boot_completed)"; pm path android')
"""`getprop` turns 1 before the package manager answers on some builds, and the daemon is up long before both."""

PROBE_SECONDS = 15.0


def has_booted(transport: Transport) -> bool:
    answer = transport.run(PROBE, timeout_seconds=PROBE_SECONDS)
    lines = answer.stdout.split()
    return "boot=1" in lines and any(line.startswith("package:") for line in lines)


def wait_for_boot(transport: Transport, *, timeout_seconds: float = 600.0, poll_seconds: float = 1.0) -> None:
    """Return once boot is complete and the package manager answers; raise `CommandTimedOut` after the time allowed."""
    deadline = time.monotonic() + timeout_seconds
    while not has_booted(transport):
        if time.monotonic() >= deadline:
            raise CommandTimedOut(
                f"The tablet at {transport.address} has not finished starting Android after {timeout_seconds:.0f} "
                "seconds. Look at its screen: a first start after an update can take ten minutes.",
                address=transport.address,
            )
        time.sleep(poll_seconds)
