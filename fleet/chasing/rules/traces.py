"""What the use of its data says of a tablet that is said to be back (rule R19). Plain Python, no I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Used:
    """How much of a month's data was used by the end of a day. `month` is the day on which that month began."""

    day: date
    month: date
    used_mb: int


@dataclass(frozen=True)
class Use:
    """The last time that data was used: between two readings, `after` not counted (None: since it was switched on)."""

    by: date
    after: date | None

    def is_after(self, day: date) -> bool:
        """Whether all of it was on later days."""
        return self.after is not None and self.after >= day


def last_use(readings: Sequence[Used]) -> Use | None:
    """The last two readings, in the order of their days, between which more was used; None while nothing was."""
    found, before = None, None
    for each in readings:
        had = before.used_mb if before is not None and before.month == each.month else 0
        if each.used_mb > had:
            found = Use(by=each.day, after=before.day if before is not None else None)
        before = each
    return found
