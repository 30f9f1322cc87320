"""Importing a programme's plan: what it amounts to and asks about, and, once it asks nothing more, all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.cohorts import queries
from fleet.cohorts.calendar import HubCalendar
from fleet.cohorts.models import Cohort, PlanDate
from fleet.cohorts.plan import (
    MOST_LINES,
    DateKind,
    Draft,
    DraftDate,
    PlanLine,
    Problem,
    Question,
    day_words,
    draft,
    questions,
)
from fleet.cohorts.service.cohorts import add_cohort, get_cohort
from fleet.cohorts.service.days import calendar_of
from fleet.cohorts.service.programmes import get_programme
from fleet.errors import BadInput, there
from fleet.users.actor import Actor


@dataclass(frozen=True)
class SeenPlan:
    """A plan before it is imported. `takes_place`: line -> the working day, where that is another than the written."""

    lines: tuple[PlanLine, ...]
    questions: tuple[Question, ...]
    problems: dict[int, Problem]
    draft: Draft
    takes_place: dict[int, date]
    why_moved: dict[int, str]

    @property
    def may_be_imported(self) -> bool:
        return bool(self.lines) and not self.questions and not self.problems


@dataclass(frozen=True)
class Imported:
    cohorts: tuple[Cohort, ...]
    dates: tuple[PlanDate, ...]


def look_at_plan(
    session: Session, programme_id: int, lines: Sequence[PlanLine], *, places: int | None = None
) -> SeenPlan:
    """What a plan amounts to, and what must be answered first. Nothing is written. Raises `BadInput` for none or too
    many lines."""
    programme = get_programme(session, programme_id)
    if not 0 < len(lines) <= MOST_LINES:
        said = (
            f"A plan has up to {MOST_LINES} lines."
            if lines
            else "Enter a plan: a first row “date,what”, then a line a day."
        )
        raise BadInput("The plan was not read.", fields={"plan": said})
    calendar = calendar_of(session, programme.hub_id)
    drafted = draft(lines, programme.policy, places=places)
    closed = {line.number: line.day for line in lines if line.day is not None and not calendar.is_open(line.day)}
    return SeenPlan(
        lines=tuple(lines),
        questions=questions(lines),
        problems=drafted.problems | _cannot_be(session, programme_id, drafted),
        draft=drafted,
        takes_place={number: calendar.roll_forward(day) for number, day in closed.items()},
        why_moved={number: calendar.why_closed(day) for number, day in closed.items()},
    )


def import_plan(
    session: Session,
    programme_id: int,
    lines: Sequence[PlanLine],
    *,
    actor: Actor,
    now: datetime,
    places: int | None = None,
) -> Imported:
    """Set up every cohort of the plan and write its days down, in its order: all of it or nothing.

    Raises `BadInput` with a sentence for each line (`line_4`) that asks something nobody answered, or cannot be used.
    """
    seen = look_at_plan(session, programme_id, lines, places=places)
    if not seen.may_be_imported:
        asked = {
            question.line: f"{question.why} Give another day, or say why it is right." for question in seen.questions
        }
        refused = {number: problem.words for number, problem in seen.problems.items()}
        fields = {f"line_{number}": said for number, said in sorted((asked | refused).items())}
        raise BadInput("The plan was not imported; nothing of it was kept.", fields=fields)
    made = tuple(
        add_cohort(
            session,
            programme_id=programme_id,
            name=each.name,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
            places=each.places or 0,
            kept_because=each.kept_because,
            actor=actor,
            now=now,
        )
        for each in seen.draft.cohorts
    )
    ids = {cohort.name: cohort.id for cohort in made}
    dates = tuple(_plan_date(programme_id, each, ids.get(each.cohort), now) for each in seen.draft.dates)
    session.add_all(dates)
    session.flush()
    return Imported(made, dates)


def add_collection(
    session: Session,
    cohort_id: int,
    planned_on: date,
    *,
    words: str,
    actor: Actor,
    now: datetime,
    kept_because: str = "",
) -> PlanDate:
    """Another day on which a cohort's measures are collected; the same day and words twice are one. Raises `BadInput`
    for one before the cohort begins, unless `kept_because` says why it is right."""
    cohort = get_cohort(session, cohort_id)
    problems = {
        "planned_on": f"{cohort.name} begins only on {day_words(cohort.starts_on)}."
        if planned_on < cohort.starts_on and not kept_because
        else "",
        "words": "" if 0 < len(words.strip()) <= 200 else "Say what is collected, such as “End of the month”.",
    }
    if planned_on.year > now.year + 10:
        problems["planned_on"] = "That is more than ten years from now; check the year."
    fields = {name: sentence for name, sentence in problems.items() if sentence}
    if fields:
        raise BadInput("The day was not written down.", fields=fields)
    same = (each for each in queries.collections_of(session, cohort.id) if each.planned_on == planned_on)
    before = next((each for each in same if each.words == words.strip()), None)
    if before is not None:
        return before
    made = PlanDate(
        programme_id=cohort.programme_id,
        cohort_id=cohort.id,
        kind=DateKind.DATA_COLLECTION,
        planned_on=planned_on,
        words=words.strip(),
        place=queries.last_place(session, cohort.programme_id) + 1,
        kept_because=kept_because,
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def remove_collection(session: Session, cohort_id: int, date_id: int, *, actor: Actor) -> None:
    """Take a day out of a cohort's plan. Raises `NotFound`."""
    found = queries.plan_date(session, date_id)
    own = found if found is not None and found.cohort_id == cohort_id else None
    session.delete(there(own, "This cohort has no such day.", next_step="Reload the page to see what it has."))
    session.flush()


def plan_of(session: Session, programme_id: int) -> Sequence[PlanDate]:
    """A programme's days in the order in which they were written. Raises `NotFound`."""
    return queries.plan_of(session, get_programme(session, programme_id).id)


def collections_of(session: Session, cohort_id: int) -> Sequence[PlanDate]:
    """The days on which a cohort's measures are collected, as they were planned."""
    return queries.collections_of(session, cohort_id)


def takes_place(calendar: HubCalendar, planned: PlanDate) -> date:
    """The working day on which something of the plan happens."""
    return calendar.roll_forward(planned.planned_on)


def _plan_date(programme_id: int, each: DraftDate, cohort_id: int | None, now: datetime) -> PlanDate:
    return PlanDate(
        programme_id=programme_id,
        cohort_id=cohort_id,
        kind=each.kind,
        planned_on=each.day,
        words=each.words,
        place=each.line,
        kept_because=each.kept_because,
        created_at=now,
    )


def _cannot_be(session: Session, programme_id: int, drafted: Draft) -> dict[int, Problem]:
    """line -> why its cohort cannot be set up."""
    found = {}
    for each in drafted.cohorts:
        if queries.cohort_by_name(session, programme_id, each.name) is not None:
            said = f"The programme has {each.name} already: leave its lines out, or give it another name."
            found[each.line] = Problem("cohort", said)
        elif each.ends_on <= each.starts_on:
            said = f"{each.name} would end on {day_words(each.ends_on)}, before it begins."
            found[each.line] = Problem("date", said)
        elif each.places is None:
            found[each.line] = Problem("places", f"Say how many places {each.name} has.")
    return found
