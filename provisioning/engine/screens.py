"""Opens one of Android's settings screens, so that a person need not look for it."""

from __future__ import annotations

from provisioning.command import Command, Quoted
from provisioning.errors import CommandTimedOut, ServiceRefused
from provisioning.transports.base import Transport


def open_screen(transport: Transport, action: str) -> bool:
    """Show the screen with this intent action; whether the tablet says that it did. Raises when the link is lost."""
    if not action:
        return False
    try:
        answer = transport.run(Command("am start -a", Quoted(action)), timeout_seconds=15)
    except (CommandTimedOut, ServiceRefused):
        return False
    return answer.ok and "Error" not in answer.stdout + answer.stderr
