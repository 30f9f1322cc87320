"""Whether a person must swipe before they reach the home screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown


class LockState(StrEnum):
    SHOWN = "shown"
    REMOVED = "removed"
    NOT_TOLD = "not_told"


@dataclass(frozen=True)
class LockScreen:
    """NOT_TOLD where this Android has no command for it; a tablet built without a lock screen has it REMOVED."""

    state: LockState


def parse_lock_screen(text: str) -> LockScreen:
    if "does not support lock screen" in text:
        return LockScreen(LockState.REMOVED)
    answer = re.search(r"^(true|false)\s*$", text, re.MULTILINE)
    if answer:
        return LockScreen(LockState.REMOVED if answer.group(1) == "true" else LockState.SHOWN)
    if re.search(r"Unknown command|not found|inaccessible|usage: locksettings", text, re.IGNORECASE):
        return LockScreen(LockState.NOT_TOLD)
    refuse_errors(text)
    raise ValueError(f"locksettings printed {shown(text)}")


LOCK_SCREEN = Fact(
    "lock_screen",
    Command("locksettings get-disabled"),
    LockScreen,
    parse_lock_screen,
    frozenset({0, 1, 127, 255}),
)
