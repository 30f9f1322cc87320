"""How long a loan lasts and on which day it is due: local dates and calendar arithmetic, never hours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from fleet.clock import add_months
from fleet.cohorts.calendar import is_open

LONGEST_CLOSURE_DAYS = 366


class NoOpenDay(Exception):
    """A calendar has no open day within a year, so no day can be promised."""


def roll_forward(day: date, nation: str, *, opens: Callable[[date, str], bool] = is_open) -> date:
    """`day`, or the next day on which a hub in `nation` works. Raises `NoOpenDay` rather than look for ever."""
    for ahead in range(LONGEST_CLOSURE_DAYS):
        candidate = day + timedelta(days=ahead)
        if opens(candidate, nation):
            return candidate
    raise NoOpenDay(f"The hub's calendar has no open day in the year after {day:%-d %B %Y}.")


@dataclass(frozen=True)
class LoanPolicy:
    """A programme's stated policy. With `taster_months` a loan lasts calendar months, otherwise `taster_days`."""

    taster_days: int = 28
    taster_months: int | None = None
    max_extensions: int = 2
    extension_days: int = 28
    grace_days: int = 2
    bundle_required: bool = True
    open_loans_per_person: int = 1
    gifts_allowed: bool = False
    min_age: int = 0


def natural_end(start: date, policy: LoanPolicy) -> date:
    """The last day of a loan that starts on `start`, before it is rolled to a working day."""
    if policy.taster_months is not None:
        return add_months(start, policy.taster_months)
    return start + timedelta(days=policy.taster_days)


def due_date(
    start: date, policy: LoanPolicy, nation: str, *, cohort_end: date | None = None, asked_for: date | None = None
) -> date:
    """The due date: the day asked for, else the cohort's end, else start and policy; rolled to a working day.

    A day asked for or a cohort's end that does not lie after the start is passed over, so that a person at a door is
    never told a day that has gone. Raises `NoOpenDay`.
    """
    wanted = next((day for day in (asked_for, cohort_end) if day is not None and day > start), None)
    return roll_forward(wanted or natural_end(start, policy), nation)


def policy_problems(policy: LoanPolicy) -> dict[str, str]:
    """A sentence for each number that cannot be a policy."""
    limits = {
        "taster_days": (policy.taster_days, 1, 366, "Enter a number of days from 1 to 366."),
        "taster_months": (policy.taster_months, 1, 12, "Enter a number of months from 1 to 12, or leave it empty."),
        "max_extensions": (policy.max_extensions, 0, 12, "Enter a number from 0 to 12."),
        "extension_days": (policy.extension_days, 1, 366, "Enter a number of days from 1 to 366."),
        "grace_days": (policy.grace_days, 0, 28, "Enter a number of days from 0 to 28."),
        "open_loans_per_person": (policy.open_loans_per_person, 1, 5, "Enter a number from 1 to 5."),
        "min_age": (policy.min_age, 0, 120, "Enter an age from 0 to 120; 0 asks for none."),
    }
    return {
        name: sentence
        for name, (value, low, high, sentence) in limits.items()
        if value is not None and not low <= value <= high
    }
