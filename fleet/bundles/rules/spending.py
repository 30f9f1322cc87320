"""What a week of being connected has cost: whole pence, whole days, nothing estimated."""

from __future__ import annotations

from datetime import date

DAYS_A_WEEK = 7


def connected_days(from_on: date, to_on: date | None, ends_on: date | None, today: date) -> int:
    """The days on which somebody could be online: from the switching on until it came back, the data ended, or today.

    Both ends count; a use that has not begun counts none.
    """
    last = min(each for each in (to_on, ends_on, today) if each is not None)
    return max(0, (last - from_on).days + 1)


def pence_per_week(pence: int, days: int) -> int | None:
    """What one connected week has cost so far, rounded to the penny; None while nobody was connected."""
    return (2 * pence * DAYS_A_WEEK + days) // (2 * days) if days else None
