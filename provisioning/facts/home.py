"""Which app opens when the Home button is pressed, and whether the screen is dark or light."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown

# Android's own dialogue that asks which of several home apps to use: nobody has chosen one.
_CHOOSER = "android/com.android.internal.app.ResolverActivity"
_NIGHT_ANSWERS = {"yes": "yes", "no": "no", "auto": "auto", "custom_schedule": "auto", "custom_bedtime": "auto"}


@dataclass(frozen=True)
class HomeApp:
    """`component` is ``package/.Activity``; None where Home is not settled on one app."""

    component: str | None

    @property
    def package(self) -> str | None:
        return self.component.partition("/")[0] if self.component else None


@dataclass(frozen=True)
class NightMode:
    """``yes``, ``no`` or ``auto`` (by the clock)."""

    mode: str


def parse_home(text: str) -> HomeApp:
    refuse_errors(text)
    lines = [line.strip() for line in text.strip().split("\n")]
    if lines[-1] == "No activity found" or lines[-1] == _CHOOSER:
        return HomeApp(None)
    if re.fullmatch(r"[\w.]+/[\w.$]+", lines[-1]):
        return HomeApp(lines[-1])
    raise ValueError(f"the package manager printed {shown(text)}")


def parse_night(text: str) -> NightMode:
    match = re.search(r"^Night mode: (\w+)\s*$", text, re.MULTILINE)
    if match is None or match.group(1) not in _NIGHT_ANSWERS:
        refuse_errors(text)
        raise ValueError(f"uimode printed {shown(text)}")
    return NightMode(_NIGHT_ANSWERS[match.group(1)])


HOME = Fact(
    "home",
    Command("cmd package resolve-activity --brief -a android.intent.action.MAIN -c android.intent.category.HOME"),
    HomeApp,
    parse_home,
    frozenset({0, 1}),
)
NIGHT = Fact("night", Command("cmd uimode night"), NightMode, parse_night)
