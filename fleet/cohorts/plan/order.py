"""Which days of a plan look wrong, why, and what was probably meant. It only asks: the person decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fleet.clock import add_months
from fleet.cohorts.calendar import WEEKDAYS
from fleet.cohorts.plan.lines import DateKind, PlanLine, day_words

YEARS_OFF = (1, -1, 2, -2)
"""A year is what people mistype most."""


@dataclass(frozen=True)
class Question:
    """A day to look at again: the line's number, why it looks wrong, and the days that would fit."""

    line: int
    why: str
    fitting: tuple[date, ...] = ()


def questions(lines: Sequence[PlanLine]) -> tuple[Question, ...]:
    """Every question the plan raises and nobody has answered with a reason, at most one a line, in the plan's order."""
    asked: dict[int, Question] = {}
    for rule in (_weekdays, _out_of_order, _cohorts_out_of_order, _before_begin):
        undoubted = [line for line in lines if line.number not in asked]
        asked |= {question.line: question for question in rule(undoubted)}
    answered = {line.number for line in lines if line.kept_because}
    return tuple(asked[number] for number in sorted(asked) if number not in answered)


def _weekdays(lines: Sequence[PlanLine]) -> list[Question]:
    return [
        Question(
            line.number,
            f"It says {WEEKDAYS[line.weekday]}, but that day is a {line.day:%A}.",
            (_near(line.day, line.weekday),),
        )
        for line in lines
        if line.day is not None and line.weekday is not None and line.day.weekday() != line.weekday
    ]


def _out_of_order(lines: Sequence[PlanLine]) -> list[Question]:
    """Days that do not follow the line above them. As few lines as possible are doubted."""
    dated = [line for line in lines if line.day is not None]
    kept = _rising(dated)
    return [_question(line, dated, kept, lines) for line in dated if line not in kept]


def _question(
    line: PlanLine, among: Sequence[PlanLine], kept: Sequence[PlanLine], lines: Sequence[PlanLine]
) -> Question:
    place = among.index(line)
    before = next((each for each in reversed(among[:place]) if each in kept), None)
    after = next((each for each in among[place + 1 :] if each in kept), None)
    fitting = fitting_days(line, before, after, lines)
    if before is not None and before.day and line.day and line.day < before.day:
        return Question(
            line.number, f"It is earlier than line {before.number} above it, {day_words(before.day)}.", fitting
        )
    words = f", {day_words(after.day)}" if after is not None and after.day else ""
    return Question(line.number, f"It is later than line {after.number if after else ''} below it{words}.", fitting)


def _cohorts_out_of_order(lines: Sequence[PlanLine]) -> list[Question]:
    """Cohorts are counted: the second never begins before the first."""
    starts = [line for line in lines if line.kind is DateKind.COHORT_STARTS and line.day is not None]
    numbered = sorted((line for line in starts if count_of(line) is not None), key=lambda line: count_of(line) or 0)
    kept = _rising(numbered)
    found = []
    for line in numbered:
        if line in kept or line.day is None:
            continue
        place = numbered.index(line)
        before = next((each for each in reversed(numbered[:place]) if each in kept), None)
        after = next((each for each in numbered[place + 1 :] if each in kept), None)
        wrong = before if before is not None and before.day and line.day < before.day else after
        side = "before" if wrong is before else "after"
        words = (
            f"{line.cohort} would begin {side} {wrong.cohort}, {day_words(wrong.day)}." if wrong and wrong.day else ""
        )
        found.append(Question(line.number, words, fitting_days(line, before, after, lines)))
    return found


def _before_begin(lines: Sequence[PlanLine]) -> list[Question]:
    """A cohort's measures and its end come after its beginning."""
    begins = {line.cohort.lower(): line.day for line in lines if line.kind is DateKind.COHORT_STARTS and line.day}
    late = (DateKind.DATA_COLLECTION, DateKind.COHORT_ENDS)
    return [
        Question(line.number, f"{line.cohort} begins only on {day_words(begin)}.")
        for line in lines
        if line.day is not None
        and line.kind in late
        and (begin := begins.get(line.cohort.lower())) is not None
        and line.day <= begin
    ]


def _rising(lines: Sequence[PlanLine]) -> list[PlanLine]:
    """The most lines, in their order, whose days never fall: everything else is doubtful. Of several such choices the
    one whose days lie closest together, for a wrong year lies far away. What somebody kept with a reason is no measure
    for the others."""
    dated = [(line, line.day) for line in lines if line.day is not None and not line.kept_because]
    middle = sorted(day for _, day in dated)[len(dated) // 2] if dated else date.min
    best: list[tuple[int, int, int]] = []
    for place, (_, day) in enumerate(dated):
        count, away, before = max(
            ((best[each][0], best[each][1], each) for each in range(place) if dated[each][1] <= day), default=(0, 0, -1)
        )
        best.append((count + 1, away - abs((day - middle).days), before))
    chosen: list[PlanLine] = []
    place = max(range(len(best)), key=lambda each: best[each][:2], default=-1)
    while place >= 0:
        chosen.append(dated[place][0])
        place = best[place][2]
    return chosen[::-1]


def fitting_days(
    line: PlanLine, before: PlanLine | None, after: PlanLine | None, lines: Sequence[PlanLine]
) -> tuple[date, ...]:
    """The same day in another year that lies between its neighbours; for a cohort's beginning also the nearest day of
    the week on which all the others begin."""
    if line.day is None:
        return ()
    low = before.day if before is not None and before.day else date.min
    high = after.day if after is not None and after.day else date.max
    same = [each for years in YEARS_OFF if low <= (each := add_months(line.day, 12 * years)) <= high]
    usual = _usual_weekday(line, lines)
    if not same or usual is None or same[0].weekday() == usual:
        return tuple(same[:1])
    return (_near(same[0], usual), same[0])


def _usual_weekday(line: PlanLine, lines: Sequence[PlanLine]) -> int | None:
    if line.kind is not DateKind.COHORT_STARTS:
        return None
    others = {
        each.day.weekday() for each in lines if each.kind is DateKind.COHORT_STARTS and each.day and each is not line
    }
    return others.pop() if len(others) == 1 else None


def _near(day: date, weekday: int) -> date:
    """The day with this weekday that is nearest, at most three days away."""
    away = (weekday - day.weekday() + 3) % 7 - 3
    return day + timedelta(days=away)


def count_of(line: PlanLine) -> int | None:
    """The 2 of "Cohort 2"."""
    figures = line.cohort.split()[-1] if line.cohort else ""
    return int(figures) if figures.isascii() and figures.isdecimal() and len(figures) < 6 else None
