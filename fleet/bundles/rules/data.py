"""A bundle's dates and allowance, and what they ask of somebody in time. Amounts are decimal: a GB is 1,000 MB."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from fleet.clock import add_months

MB_PER_GB = 1000
LOW_PERCENT = 80
ACT_DAYS = 21
"""So long before the day it matters a warning stands in the list: a top-up or a new card may take the post and a call
to the network, and three weeks are what support services of many months plan ahead."""


class AfterLoan(StrEnum):
    """What was decided about data that lasts longer than its loan (rule R26)."""

    RECLAIM = "reclaim"
    KEEP = "keep"


class Asks(StrEnum):
    """What about a SIM needs somebody."""

    NO_DATA = "no_data"
    GONE = "gone"
    LOW = "low"
    ENDS_FIRST = "ends_first"
    OUTLIVES = "outlives"
    TO_BAR = "to_bar"
    STRAY = "stray"
    LEFT_IN = "left_in"
    USED_AT_REST = "used_at_rest"


@dataclass(frozen=True)
class DataFacts:
    """What the warnings look at. `used_mb` is the last reading of the month of the bundle that `today` lies in, None
    when nobody read it; `needed_until` is the day the loan is due, or would be if it began today."""

    has_bundle: bool
    months: int
    ends_on: date | None
    allowance_mb: int
    used_mb: int | None
    needed_until: date | None
    decided: AfterLoan | None
    today: date
    activated_on: date | None = None
    stopped: bool = False
    """Whether all contact about the loan was stopped: what is left of its data is settled, and no more is added."""


@dataclass(frozen=True)
class DataWarning:
    """One thing that data asks of somebody. `act_by` is the day by which it should be settled."""

    asks: Asks
    words: str
    act_by: date


def bundle_end(activated_on: date, months: int) -> date:
    """The last day with data: `months` calendar months after it was switched on, not after it was bought."""
    return add_months(activated_on, months)


def end_after(activated_on: date, months: int, added: tuple[tuple[date, int], ...] = ()) -> date:
    """`bundle_end` with top-ups, as (day, months) in their order. One that came after the end counts from its day."""
    begins, total = activated_on, months
    for day, more in added:
        if more and bundle_end(begins, total) < day:
            begins, total = day, 0
        total += more
    return bundle_end(begins, total)


def period_of(activated_on: date, day: date) -> tuple[date, date]:
    """The month of the bundle that a day lies in, both ends counted; earlier days are in the first."""
    months = max(0, (day.year - activated_on.year) * 12 + day.month - activated_on.month)
    if add_months(activated_on, months) > day and months:
        months -= 1
    return add_months(activated_on, months), add_months(activated_on, months + 1) - timedelta(days=1)


def data_warnings(facts: DataFacts) -> tuple[DataWarning, ...]:
    """Everything the data of a SIM that is kept for somebody asks for; empty when all is well. Never stored."""
    if facts.stopped:
        outlives = _outlives(facts) if facts.ends_on is not None and facts.ends_on >= facts.today else None
        return (outlives,) if outlives is not None else ()
    if not facts.has_bundle:
        return (DataWarning(Asks.NO_DATA, "There is no data bundle on this SIM.", facts.today),)
    found = (_how_much_is_left(facts), _which_ends_first(facts))
    return tuple(warning for warning in found if warning is not None)


def _how_much_is_left(facts: DataFacts) -> DataWarning | None:
    if facts.used_mb is None or facts.allowance_mb <= 0:
        return None
    of = f"{gigabytes(facts.used_mb)} of {gigabytes(facts.allowance_mb)}"
    if facts.used_mb >= facts.allowance_mb:
        return DataWarning(Asks.GONE, f"This month's data is used up: {of}. Top it up.", facts.today)
    percent = facts.used_mb * 100 // facts.allowance_mb
    if percent < LOW_PERCENT:
        return None
    return DataWarning(Asks.LOW, f"{percent} % of this month's data is used: {of}. Top it up in time.", facts.today)


def _which_ends_first(facts: DataFacts) -> DataWarning | None:
    """The bundle or the loan (rule R26). A bundle that is not switched on is reckoned as if it were today."""
    ends, due = facts.ends_on or bundle_end(facts.today, facts.months), facts.needed_until
    if ends < facts.today:
        return DataWarning(Asks.ENDS_FIRST, f"The data ended on {said(ends)}: attach more, or top it up.", facts.today)
    if due is None:
        return _ends_by_itself(facts, ends)
    if ends == due:
        return None
    if ends < due:
        when = f"before the tablet is due on {said(due)}"
        what = "ends" if facts.activated_on else "would end, switched on today,"
        return DataWarning(Asks.ENDS_FIRST, f"The data {what} on {said(ends)}, {when}: top it up in time.", ends)
    return _outlives(facts)


def _outlives(facts: DataFacts) -> DataWarning | None:
    ends, due = facts.ends_on, facts.needed_until
    if facts.decided is not None or facts.activated_on is None or ends is None or due is None or ends <= due:
        return None
    longer = f"The data lasts until {said(ends)}, longer than the loan ({said(due)})"
    return DataWarning(Asks.OUTLIVES, f"{longer}: decide whether it is reused or kept.", due)


def _ends_by_itself(facts: DataFacts, ends: date) -> DataWarning | None:
    """Data that no due date ends: a loan of data alone."""
    if facts.activated_on is None or ends > facts.today + timedelta(days=ACT_DAYS):
        return None
    words = f"The data ends on {said(ends)}: top it up in time, or end the loan."
    return DataWarning(Asks.ENDS_FIRST, words, ends)


def said(day: date) -> str:
    """Friday 12 June 2026."""
    return f"{day:%A} {day.day} {day:%B %Y}"


def gigabytes(megabytes: int) -> str:
    """16.2 GB, without a nought after the point."""
    tenths = (megabytes * 10 + MB_PER_GB // 2) // MB_PER_GB
    return f"{tenths // 10}.{tenths % 10} GB" if tenths % 10 else f"{tenths // 10} GB"


def bundle_problems(gb_per_month: int, months: int, cost_pence: int) -> dict[str, str]:
    """A sentence for each number that cannot be a bundle's."""
    found = {
        "gb_per_month": "" if 1 <= gb_per_month <= 1000 else "Enter the gigabytes a month, from 1 to 1000.",
        "months": "" if 1 <= months <= 36 else "Enter how many months it lasts, from 1 to 36.",
        "cost_pence": "" if 0 <= cost_pence <= 1_000_000 else "Enter the cost, from 0 to 10,000 pounds.",
    }
    return {field: sentence for field, sentence in found.items() if sentence}


def top_up_problems(gb: int, months: int, cost_pence: int) -> dict[str, str]:
    """A sentence for each number that cannot be a top-up's."""
    found = {
        "gb": "" if 0 <= gb <= 1000 and gb + months > 0 else "Enter how much more: gigabytes, months, or both.",
        "months": "" if 0 <= months <= 36 else "Enter how many months longer it lasts, up to 36.",
        "cost_pence": "" if 0 <= cost_pence <= 1_000_000 else "Enter the cost, from 0 to 10,000 pounds.",
    }
    return {field: sentence for field, sentence in found.items() if sentence}
