"""The shapes a state can take on a screen, and the small values that carry one; which state has which shape is each
room's to say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """A colour and an icon that always go together with a word."""

    DONE = "done"
    WAITING = "waiting"
    HANDS = "hands"
    WORKING = "working"
    DANGER = "danger"
    LOST = "lost"
    PLAIN = "plain"


@dataclass(frozen=True)
class StateTag:
    """A state as it is shown: one or two words and a shape."""

    word: str
    shape: Shape = Shape.PLAIN


@dataclass(frozen=True)
class Flash:
    """A sentence shown once at the top of the next page, about what was just done."""

    message: str
    shape: Shape = Shape.DONE


@dataclass(frozen=True)
class NavItem:
    """One place in the navigation that a role may go to."""

    text: str
    href: str
