"""The shapes a state can take on a screen, and the small value that carries one; which state has which shape is each
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
