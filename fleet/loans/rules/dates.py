"""What dates say of a loan: how late it is, how long it has left, and a day in words."""

from __future__ import annotations

from datetime import date, timedelta

LONGEST_UNSEEN = timedelta(days=31)
"""So long may a tablet have lain at the hub before anybody saw it: the longest closure, and a search after it."""


def said(day: date) -> str:
    """A date in words, with its year: Friday 12 June 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def overdue_days(today: date, due_on: date | None, grace_days: int) -> int:
    """How many days late, counted from the due date; 0 while the days of grace last. A day is late once it is over."""
    if due_on is None or today <= due_on + timedelta(days=grace_days):
        return 0
    return (today - due_on).days


def is_overdue(today: date, due_on: date | None, grace_days: int) -> bool:
    return overdue_days(today, due_on, grace_days) > 0


def days_until_due(today: date, due_on: date | None) -> int | None:
    """Negative once the day has passed; None while no due date runs."""
    return None if due_on is None else (due_on - today).days


def is_due_soon(today: date, due_on: date | None, within_days: int = 7) -> bool:
    left = days_until_due(today, due_on)
    return left is not None and 0 <= left <= within_days


def unseen_problem(came_on: date | None, *, today: date, handed_over_on: date | None) -> str:
    """Why a return that nobody saw cannot be dated to this day, as a sentence; empty when it can (rule R2)."""
    if came_on is None:
        return "Enter the day on which it came."
    if came_on > today:
        return f"{said(came_on)} has not come yet; choose today or an earlier day."
    if handed_over_on is not None and came_on < handed_over_on:
        return f"It was handed over on {said(handed_over_on)}, so it cannot have come back before that day."
    if came_on < today - LONGEST_UNSEEN:
        earliest = said(today - LONGEST_UNSEEN)
        return f"{said(came_on)} is more than {LONGEST_UNSEEN.days} days ago; {earliest} is the earliest that counts."
    return ""
