"""Where loans go that are due on a day when the hub is closed: forward, and not all on the first open day (rule R3)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from fleet.cohorts.calendar import HubCalendar

FEWEST_DAYS = 3
"""Loans of even one closed day are spread over this many open ones."""
MOST_DAYS = 10
"""However many loans: nobody waits longer than this many open days after the hub opens again."""


@dataclass(frozen=True)
class Move:
    """One loan and its days."""

    loan_id: int
    before: date
    after: date


def spread(
    loans: Iterable[tuple[int, date]],
    already: Mapping[date, int],
    calendar: HubCalendar,
    *,
    per_day: int | None = None,
) -> tuple[Move, ...]:
    """Another day for each loan that is due on a closed one, in the order of their days; the others stay.

    The open days after a closure are filled evenly, with what is due on them `already` counted in: as many days as
    were closed, three at least. `per_day` is the most that somebody wants on a day instead; beyond ten open days the
    quietest take the rest. Raises `NoOpenDay`.
    """
    load = Counter(already)
    closed = sorted((due, loan_id) for loan_id, due in loans if not calendar.is_open(due))
    moves: list[Move] = []
    for opens, group in groupby(closed, key=lambda each: calendar.roll_forward(each[0])):
        due = list(group)
        days = _open_days(calendar, opens, MOST_DAYS)
        lost = len({day for day, _ in due})
        level = per_day or _level(len(due), [load[day] for day in days[: max(FEWEST_DAYS, lost)]])
        for day, loan_id in due:
            after = next((each for each in days if load[each] < level), min(days, key=lambda each: load[each]))
            load[after] += 1
            moves.append(Move(loan_id, day, after))
    return tuple(moves)


def digest(moves: Sequence[Move]) -> str:
    """Names exactly these moves, so that what somebody confirms is what they saw."""
    written = "\n".join(f"{each.loan_id} {each.before} {each.after}" for each in moves)
    return hashlib.sha256(written.encode()).hexdigest()[:32]


def _open_days(calendar: HubCalendar, first: date, count: int) -> list[date]:
    days = [calendar.roll_forward(first)]
    while len(days) < count:
        days.append(calendar.roll_forward(days[-1] + timedelta(days=1)))
    return days


def _level(moved: int, loads: Sequence[int]) -> int:
    """The lowest number a day that takes them all, on days that carry these loads."""
    level = 1
    while sum(max(0, level - load) for load in loads) < moved:
        level += 1
    return level
