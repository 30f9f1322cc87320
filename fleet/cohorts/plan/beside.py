"""Whether the day on which one cohort begins fits its programme's other cohorts. It only asks: the person decides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fleet.cohorts.plan.lines import PlanLine, day_words
from fleet.cohorts.plan.order import Question, count_of, fitting_days


def beginning(line: PlanLine, others: Sequence[PlanLine]) -> Question | None:
    """What is odd about it, or None. Lines are numbered as they were written down; cohorts that are counted, as in
    "Cohort 2", follow their count instead. What somebody kept with a reason is no measure."""
    measures = [(each, each.day) for each in others if each.day is not None and not each.kept_because]
    if line.day is None:
        return None
    before = max(((day, each) for each, day in measures if _comes_before(each, line)), key=_day, default=None)
    after = min(((day, each) for each, day in measures if not _comes_before(each, line)), key=_day, default=None)
    if before is not None and line.day < before[0]:
        side, (day, wrong) = "before", before
    elif after is not None and line.day > after[0]:
        side, (day, wrong) = "after", after
    else:
        return None
    fitting = fitting_days(line, before[1] if before else None, after[1] if after else None, (line, *others))
    return Question(line.number, f"{line.cohort} would begin {side} {wrong.cohort}, {day_words(day)}.", fitting)


def _day(each: tuple[date, PlanLine]) -> date:
    return each[0]


def _comes_before(other: PlanLine, line: PlanLine) -> bool:
    counts = count_of(other), count_of(line)
    if None not in counts and counts[0] != counts[1]:
        return (counts[0] or 0) < (counts[1] or 0)
    return other.number < line.number
