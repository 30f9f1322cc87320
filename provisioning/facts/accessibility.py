"""Which accessibility services Android has bound, as it tells itself (`dumpsys accessibility`).

The settings keep whatever was written into them; only this dump says whether a service truly runs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown

_TOUCH = re.compile(r"touchExplorationEnabled=(true|false)")
# Android 9 and older write `services:{…}`, later ones `Bound services:{…}` (AccessibilityManagerService.dump).
_BOUND = re.compile(r"(?:Bound |^\s*)services:\{(.*)", re.MULTILINE)
_LABEL = re.compile(r"Service\[label=([^,\]]+)")
_COMPONENT = re.compile(r"\{?([A-Za-z][\w.]*/[\w.$]+)\}?")


@dataclass(frozen=True)
class Accessibility:
    """`bound` are the labels of services that run, in a person's language; `crashed` are components."""

    touch_exploration: bool
    bound: tuple[str, ...]
    crashed: tuple[str, ...]


def parse_accessibility(text: str) -> Accessibility:
    touch = _TOUCH.search(text)
    if touch is None:
        refuse_errors(text)
        raise ValueError(f"dumpsys printed {shown(text)}")
    bound = _BOUND.search(text)
    crashed = re.search(r"Crashed services:\{(.*)", text)
    return Accessibility(
        touch.group(1) == "true",
        tuple(_LABEL.findall(bound.group(1))) if bound else (),
        tuple(_COMPONENT.findall(crashed.group(1))) if crashed else (),
    )


ACCESSIBILITY = Fact("accessibility", Command("dumpsys accessibility"), Accessibility, parse_accessibility)
