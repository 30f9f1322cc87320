"""The pure part of labels: `codes` reads and makes codes, `states` is a tag's life, `printing` printers and print jobs.

The code's alphabet has 32 characters, without the four that are misread most: no I, O, 0 or 1.
"""

from __future__ import annotations

from fleet.tags.rules.codes import (
    ALPHABET,
    LENGTH,
    Reading,
    check_character,
    fits,
    looks_like_code,
    new_code,
    parse,
    shown,
)
from fleet.tags.rules.states import BY_MOVE, MOVES, MadeAs, TagMove, TagState, Transition, refusals

__all__ = [
    "ALPHABET",
    "BY_MOVE",
    "LENGTH",
    "MOVES",
    "MadeAs",
    "Reading",
    "TagMove",
    "TagState",
    "Transition",
    "check_character",
    "fits",
    "looks_like_code",
    "new_code",
    "parse",
    "refusals",
    "shown",
]
