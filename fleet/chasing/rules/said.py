"""Days in words, as borrowers and staff read them. Plain Python, no I/O."""

from __future__ import annotations

from datetime import date


def short_day(day: date) -> str:
    """12 June."""
    return f"{day.day} {day:%B}"


def week_day(day: date) -> str:
    """Thursday 4 June."""
    return f"{day:%A} {short_day(day)}"
