"""What a plan amounts to once its questions are answered: cohorts, their data collections, and milestones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fleet.cohorts.plan.lines import DateKind, PlanLine, Problem
from fleet.cohorts.rules import LoanPolicy, natural_end


@dataclass(frozen=True)
class DraftCohort:
    """A cohort as the plan has it. `end_from` says where its last day comes from."""

    name: str
    starts_on: date
    ends_on: date
    places: int | None
    end_from: str
    kept_because: str
    line: int


@dataclass(frozen=True)
class DraftDate:
    """A milestone or a data collection as the plan has it."""

    kind: DateKind
    day: date
    words: str
    cohort: str
    line: int
    kept_because: str


@dataclass(frozen=True)
class Draft:
    cohorts: tuple[DraftCohort, ...]
    dates: tuple[DraftDate, ...]
    problems: dict[int, Problem]
    """line -> why it cannot become anything."""


def draft(lines: Sequence[PlanLine], policy: LoanPolicy, *, places: int | None = None) -> Draft:
    """What the lines amount to. `places` is for cohorts that say nothing of theirs."""
    usable = [line for line in lines if line.day is not None and not line.problem]
    problems = {line.number: line.problem for line in lines if line.problem}
    cohorts: dict[str, DraftCohort] = {}
    for line in usable:
        if line.kind is DateKind.COHORT_STARTS and line.cohort.lower() in cohorts:
            problems[line.number] = Problem("cohort", f"{line.cohort} begins twice in this plan.")
        elif line.kind is DateKind.COHORT_STARTS:
            cohorts[line.cohort.lower()] = _cohort(line, usable, policy, places)
    problems |= {
        line.number: Problem("cohort", f"{line.cohort} does not begin anywhere in this plan.")
        for line in usable
        if line.kind is DateKind.COHORT_ENDS and line.cohort.lower() not in cohorts
    }
    dates = tuple(
        DraftDate(line.kind, line.day, line.words, _known(line, cohorts), line.number, line.kept_because)
        for line in usable
        if line.day is not None and line.kind in (DateKind.MILESTONE, DateKind.DATA_COLLECTION)
    )
    return Draft(tuple(cohorts.values()), dates, problems)


def _known(line: PlanLine, cohorts: dict[str, DraftCohort]) -> str:
    """The cohort a data collection belongs to, as its beginning writes it."""
    found = cohorts.get(line.cohort.lower())
    return found.name if found is not None and line.kind is DateKind.DATA_COLLECTION else ""


def _cohort(begin: PlanLine, lines: Sequence[PlanLine], policy: LoanPolicy, places: int | None) -> DraftCohort:
    own = [line for line in lines if line.cohort.lower() == begin.cohort.lower() and line.day is not None]
    starts_on = begin.day or date.min
    told = next((line.day for line in own if line.kind is DateKind.COHORT_ENDS), None)
    measured = [line.day for line in own if line.kind is DateKind.DATA_COLLECTION and line.day and line.day > starts_on]
    if told is not None:
        ends_on, end_from = told, "as the plan says"
    elif measured:
        ends_on, end_from = max(measured), "with its last data collection"
    else:
        ends_on, end_from = natural_end(starts_on, policy), "after the programme's usual time"
    given = next((line.places for line in own if line.places is not None), places)
    return DraftCohort(begin.cohort, starts_on, ends_on, given, end_from, begin.kept_because, begin.number)
