"""Cohorts of a programme: setting one up, changing it, and asking about a day that looks out of order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.cohorts import queries
from fleet.cohorts.models import Cohort, Programme
from fleet.cohorts.plan import DateKind, PlanLine, Question, beginning, day_words
from fleet.cohorts.service.programmes import get_programme
from fleet.errors import BadInput, Conflict, there
from fleet.users.actor import Actor

MAX_PLACES = 10_000


class OutOfOrder(BadInput):
    """A cohort's first day looks wrong beside the others, or its own plan, and nobody has said why it is right."""

    def __init__(self, refusal: str, question: Question) -> None:
        fields = {"starts_on": f"{question.why} Give another day, or say why it is right."}
        super().__init__(refusal, fields=fields)
        self.question = question


def get_cohort(session: Session, cohort_id: int) -> Cohort:
    """Raises `NotFound`."""
    return there(
        queries.cohort(session, cohort_id), "There is no such cohort.", next_step="Look for it in the list of cohorts."
    )


def cohorts_not_over(session: Session, today: date) -> Sequence[Cohort]:
    """The cohorts that run or are to come, soonest first."""
    return queries.cohorts_not_over(session, today)


def cohorts_of(session: Session, programme_id: int) -> Sequence[Cohort]:
    """A programme's cohorts in the order in which they were written down."""
    return queries.cohorts_of(session, programme_id)


def add_cohort(
    session: Session,
    *,
    programme_id: int,
    name: str,
    starts_on: date,
    ends_on: date,
    places: int,
    actor: Actor,
    now: datetime,
    kept_because: str = "",
) -> Cohort:
    """Set up a dated intake. Raises `BadInput` when it ends before it begins, `Conflict` for a name used before."""
    programme = get_programme(session, programme_id)
    _check(session, programme, name, (starts_on, ends_on), places, now, "The cohort was not added.")
    cohort = Cohort(
        programme_id=programme.id,
        name=name.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        places=places,
        kept_because=kept_because.strip(),
        created_at=now,
    )
    session.add(cohort)
    session.flush()
    return cohort


def change_cohort(
    session: Session,
    cohort_id: int,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    places: int,
    actor: Actor,
    now: datetime,
    kept_because: str = "",
) -> Cohort:
    """Set its name, its days or its places right. Due dates that were promised stay; hand-overs from here on follow.

    Raises as `add_cohort` does, and `NotFound`.
    """
    cohort = check_change(session, cohort_id, name=name, starts_on=starts_on, ends_on=ends_on, places=places, now=now)
    if kept_because.strip() or starts_on != cohort.starts_on:
        cohort.kept_because = kept_because.strip()
    cohort.name, cohort.starts_on, cohort.ends_on, cohort.places = name.strip(), starts_on, ends_on, places
    cohort.changed_at = now
    session.flush()
    return cohort


def check_change(
    session: Session, cohort_id: int, *, name: str, starts_on: date, ends_on: date, places: int, now: datetime
) -> Cohort:
    """The cohort, where it could be changed to this. Nothing is written. Raises as `change_cohort` does."""
    cohort = get_cohort(session, cohort_id)
    programme = get_programme(session, cohort.programme_id)
    _check(session, programme, name, (starts_on, ends_on), places, now, "Nothing was changed.", besides=cohort)
    return cohort


def ask_about_beginning(session: Session, programme_id: int, name: str, starts_on: date, kept_because: str) -> None:
    """Whether a cohort to be set up begins out of order. Raises `OutOfOrder` unless there is a reason."""
    others = _lines(queries.cohorts_of(session, programme_id))
    line = PlanLine(len(others) + 1, starts_on, name.strip(), DateKind.COHORT_STARTS, name.strip())
    question = beginning(line, others)
    if question is not None and not kept_because.strip():
        raise OutOfOrder("The cohort was not added.", question)


def ask_about_change(session: Session, cohort_id: int, name: str, starts_on: date, kept_because: str) -> None:
    """The same for a cohort that is to be changed, whose own days of collection are to come after it begins. What
    stays as it is, is not asked about."""
    cohort = get_cohort(session, cohort_id)
    if kept_because.strip() or (cohort.name, cohort.starts_on) == (name.strip(), starts_on):
        return
    lines = _lines(queries.cohorts_of(session, cohort.programme_id), renamed={cohort.id: (name.strip(), starts_on)})
    line = next(each for each in lines if each.cohort == name.strip())
    question = beginning(line, [each for each in lines if each is not line])
    early = next((each for each in queries.collections_of(session, cohort_id) if each.planned_on < starts_on), None)
    if question is None and early is not None:
        question = Question(
            line.number, f"“{early.words}” is planned for {day_words(early.planned_on)}, before it begins."
        )
    if question is not None:
        raise OutOfOrder("Nothing was changed.", question)


def _lines(cohorts: Sequence[Cohort], renamed: dict[int, tuple[str, date]] | None = None) -> list[PlanLine]:
    """The beginnings of cohorts as lines of a plan."""
    given = renamed or {}
    named = [(*given.get(each.id, (each.name, each.starts_on)), each) for each in cohorts]
    return [
        PlanLine(
            number,
            starts_on,
            name,
            DateKind.COHORT_STARTS,
            name,
            kept_because="" if each.id in given else each.kept_because,
        )
        for number, (name, starts_on, each) in enumerate(named, 1)
    ]


def _check(
    session: Session,
    programme: Programme,
    name: str,
    days: tuple[date, date],
    places: int,
    now: datetime,
    refusal: str,
    besides: Cohort | None = None,
) -> None:
    problems = {
        "name": "" if 0 < len(name.strip()) <= 120 else "Enter the cohort's name, up to 120 letters.",
        "ends_on": _end_problem(*days, now.year),
        "places": "" if 0 < places <= MAX_PLACES else f"Enter how many places it has, from 1 to {MAX_PLACES:,}.",
    }
    fields = {field: sentence for field, sentence in problems.items() if sentence}
    if fields:
        raise BadInput(refusal, fields=fields)
    other = queries.cohort_by_name(session, programme.id, name.strip())
    if other is not None and other is not besides:
        raise Conflict(f"{programme.name} has a cohort called {name.strip()} already.", next_step="Use that one.")


def _end_problem(starts_on: date, ends_on: date, this_year: int) -> str:
    if ends_on <= starts_on:
        return "It ends before it starts; check both dates."
    return "" if ends_on.year <= this_year + 10 else "It ends more than ten years from now; check the year."
