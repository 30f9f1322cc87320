"""Which days a hub is open: not at weekends and not on its nation's bank holidays."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

NATIONS = ("ENG", "SCT", "WLS", "NIR")


def is_open(day: date, nation: str) -> bool:
    """Whether a hub in `nation` works on this day."""
    return day.weekday() < 5 and day not in bank_holidays(day.year, nation)


@lru_cache(maxsize=256)
def bank_holidays(year: int, nation: str) -> frozenset[date]:
    """The bank holidays of ENG, SCT, WLS or NIR in a year. Raises `ValueError` for any other nation.

    The nation is always given: the library's plain "GB" leaves out real bank holidays.
    """
    if nation not in NATIONS:
        raise ValueError(f"{nation} is none of {', '.join(NATIONS)}")
    from holidays import country_holidays  # importing it takes most of a second, and few processes ask for a calendar

    return frozenset(country_holidays("GB", subdiv=nation, years=year))
