"""What a home page is made of: numbers that lead to their lists, lines that lead to one thing, and a first act."""

from __future__ import annotations

from dataclasses import dataclass, field

from fleet.web.shapes import Shape


@dataclass(frozen=True)
class Number:
    """A count at a glance; `href` is the list behind it."""

    value: int
    label: str
    href: str
    shape: Shape = Shape.PLAIN


@dataclass(frozen=True)
class Line:
    """One thing that waits or stands somewhere: what is done next in words, or how it stands as a state."""

    title: str
    words: str = ""
    href: str = ""
    word: str = ""
    shape: Shape = Shape.PLAIN


@dataclass(frozen=True)
class Go:
    """Somewhere to begin."""

    label: str
    href: str


@dataclass(frozen=True)
class Section:
    """A heading with its lines; `empty` is said when there are none."""

    title: str
    lines: tuple[Line, ...] = ()
    empty: str = ""


@dataclass(frozen=True)
class Day:
    """One role's day."""

    question: str
    lead: str = ""
    numbers: tuple[Number, ...] = ()
    hands: tuple[Line, ...] = ()
    """What stands still until somebody does something: drawn first and largest."""
    sections: tuple[Section, ...] = ()
    starts: tuple[Go, ...] = field(default_factory=tuple)
    """The first is the next right act."""


def loud(value: int, shape: Shape) -> Shape:
    """A shape for a number that asks for something; nothing asks when it is nought."""
    return shape if value else Shape.PLAIN
