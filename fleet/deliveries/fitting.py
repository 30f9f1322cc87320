"""Whether stops fit into a day one after the other, and where one more goes. Pure: no I/O.

A courier can be at every stop within its window when, at each, the window is not over before the latest beginning of
those that came earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Slot:
    """When a courier may come to one stop."""

    begins: datetime
    ends: datetime


def first_clash(slots: Sequence[Slot]) -> tuple[int, int] | None:
    """The places of two stops that cannot stand in this order, the later one first; or None."""
    latest = 0
    for place, slot in enumerate(slots):
        if slot.ends <= slots[latest].begins and place != latest:
            return place, latest
        if slot.begins > slots[latest].begins:
            latest = place
    return None


def place_for(slots: Sequence[Slot], fresh: Slot) -> int:
    """Where one more stop goes: after everything that begins no later, or the latest place where nothing clashes."""
    wanted = max((place + 1 for place, slot in enumerate(slots) if slot.begins <= fresh.begins), default=0)
    if first_clash([*slots[:wanted], fresh, *slots[wanted:]]) is None:
        return wanted
    fits = (
        place for place in range(len(slots), -1, -1) if first_clash([*slots[:place], fresh, *slots[place:]]) is None
    )
    return next(fits, wanted)
