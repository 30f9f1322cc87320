"""Refusals that a person at the tablet can lift, known by Android's own words, and what that person has to do.

The words are data: ``[[hands]]`` in the quirks that ship, and in an installation's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from provisioning.profiles.library import built_in_library
from provisioning.profiles.quirk import Hands


@cache
def _everywhere() -> tuple[Hands, ...]:
    """What ships: Android's own words for these refusals are the same on every make."""
    return tuple(hands for quirk in built_in_library().quirks for hands in quirk.hands)


def hands_needed(said: str, hands: Sequence[Hands] = ()) -> str:
    """What a person must do about a refusal in these words; empty where nobody at the tablet can help."""
    return next((each.words for each in (*hands, *_everywhere()) if each.said in said), "")
