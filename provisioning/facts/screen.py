"""Whether the screen is awake and whether a lock stands in front of it (`dumpsys power`, `dumpsys window policy`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown

# Android 12 and 13 print the getter's name instead of the field's.
_WAKEFULNESS = re.compile(r"^\s*(?:mWakefulness|get(?:Global)?WakefulnessLocked\(\))=(\w+)\s*$", re.MULTILINE)
_SHOWING = re.compile(r"^\s*(?:showing|mShowingLockscreen|mIsShowing)=(true|false)", re.MULTILINE)
_SECURE = re.compile(r"^\s*secure=(true|false)", re.MULTILINE)


@dataclass(frozen=True)
class ScreenState:
    """`locked`: a lock screen shows. `credential`: a PIN, pattern or password is set. None where it does not say."""

    awake: bool
    locked: bool | None
    credential: bool | None


def parse_screen_state(text: str) -> ScreenState:
    wakefulness = _WAKEFULNESS.search(text)
    if wakefulness is None:
        refuse_errors(text)
        raise ValueError(f"the power manager printed {shown(text)}")
    return ScreenState(wakefulness.group(1) == "Awake", _told(_SHOWING, text), _told(_SECURE, text))


def _told(pattern: re.Pattern[str], text: str) -> bool | None:
    match = pattern.search(text)
    return None if match is None else match.group(1) == "true"


SCREEN_STATE = Fact(
    "screen_state",
    Command(
        "sh -c",
        Quoted(
            'dumpsys power|grep -E "akefulness|find service|DUMP";dumpsys window policy|grep -E "howing|secure="||true'
        ),
    ),
    ScreenState,
    parse_screen_state,
)
