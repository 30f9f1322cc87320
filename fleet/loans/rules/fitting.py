"""Which set-up of a tablet suits a person."""

from __future__ import annotations

from fleet.people.rules import NeedCode

CLEAR_SCREEN_NEEDS = frozenset({NeedCode.LARGE_TEXT, NeedCode.FEW_CHOICES, NeedCode.PICTURES, NeedCode.STEADY_TOUCH})
"""Needs that the large and clear profile serves."""


def fits(profile: str, needs: frozenset[NeedCode]) -> bool:
    """Whether a tablet set up with this profile is as a person with these needs would want it."""
    wants_clear = bool(needs & CLEAR_SCREEN_NEEDS)
    return ("large" in profile) is wants_clear
