"""Setting up programmes and cohorts, and finding the policy that a loan follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from fleet.cohorts import queries
from fleet.cohorts.models import Cohort, Programme
from fleet.cohorts.rules import LoanPolicy, policy_problems
from fleet.errors import BadInput, Conflict, there
from fleet.gatherings import service as gatherings
from fleet.users.actor import Actor

MAX_PLACES = 10_000


def get_programme(session: Session, programme_id: int) -> Programme:
    """Raises `NotFound`."""
    return there(
        queries.programme(session, programme_id),
        "There is no such programme.",
        next_step="Look for it in the list of programmes.",
    )


def get_cohort(session: Session, cohort_id: int) -> Cohort:
    """Raises `NotFound`."""
    return there(
        queries.cohort(session, cohort_id), "There is no such cohort.", next_step="Look for it in the list of cohorts."
    )


def active_programmes(session: Session) -> Sequence[Programme]:
    """The programmes that still lend, by name."""
    return queries.programmes(session, only_active=True)


def programmes_by_id(session: Session, programme_ids: Sequence[int]) -> dict[int, Programme]:
    return queries.programmes_by_id(session, programme_ids)


def cohorts_not_over(session: Session, today: date) -> Sequence[Cohort]:
    """The cohorts that run or are to come, soonest first."""
    return queries.cohorts_not_over(session, today)


def add_programme(
    session: Session,
    *,
    hub_id: int,
    name: str,
    policy: LoanPolicy,
    actor: Actor,
    now: datetime,
    funder_id: int | None = None,
) -> Programme:
    """Set up a programme with its policy. Raises `BadInput`, or `Conflict` when the hub has one of that name."""
    _check(session, hub_id, name, policy, "The programme was not added.")
    programme = Programme(hub_id=hub_id, funder_id=funder_id, name=name.strip(), created_at=now, **_columns(policy))
    session.add(programme)
    session.flush()
    return programme


def change_programme(
    session: Session,
    programme_id: int,
    *,
    name: str,
    policy: LoanPolicy,
    actor: Actor,
    funder_id: int | None = None,
    active: bool = True,
) -> Programme:
    """Change who a programme is for and how it lends, from the next request and the next due date on; dates that were
    promised stay. Raises `BadInput`, `Conflict`, `NotFound`."""
    programme = get_programme(session, programme_id)
    _check(session, programme.hub_id, name, policy, "Nothing was changed.", besides=programme)
    programme.name, programme.funder_id, programme.active = name.strip(), funder_id, active
    for column, value in _columns(policy).items():
        setattr(programme, column, value)
    session.flush()
    return programme


def _columns(policy: LoanPolicy) -> dict[str, Any]:
    return asdict(policy) | {"areas": list(policy.areas), "barriers": list(policy.barriers)}


def _check(
    session: Session, hub_id: int, name: str, policy: LoanPolicy, refusal: str, besides: Programme | None = None
) -> None:
    problems = policy_problems(policy)
    if not name.strip() or len(name.strip()) > 120:
        problems["name"] = "Enter the programme's name, up to 120 letters."
    if problems:
        raise BadInput(refusal, fields=problems)
    other = queries.programme_by_name(session, hub_id, name.strip())
    if other is not None and other is not besides:
        raise Conflict(f"There is a programme called {name.strip()} already.", next_step="Use that one.")


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
    """Set up a dated intake. Raises `BadInput` for dates out of order, `Conflict` for a name used before."""
    programme = get_programme(session, programme_id)
    _check_cohort(session, programme, name, (starts_on, ends_on), places, now, "The cohort was not added.")
    cohort = Cohort(
        programme_id=programme.id,
        name=name.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        places=places,
        kept_because=kept_because,
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
) -> Cohort:
    """Set its name, its days or its places right. Due dates that were promised stay; hand-overs from here on follow.

    Raises as `add_cohort` does, and `NotFound`.
    """
    cohort = get_cohort(session, cohort_id)
    programme = get_programme(session, cohort.programme_id)
    _check_cohort(session, programme, name, (starts_on, ends_on), places, now, "Nothing was changed.", besides=cohort)
    cohort.name, cohort.starts_on, cohort.ends_on, cohort.places = name.strip(), starts_on, ends_on, places
    session.flush()
    return cohort


def _check_cohort(
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


def choose_gatherings(session: Session, programme_id: int, gathering_ids: Sequence[int], *, actor: Actor) -> None:
    """Say which gatherings a programme's tablets carry where a loan has none of its own. Raises `BadInput`."""
    programme = get_programme(session, programme_id)
    queries.replace_gatherings(session, programme.id, gatherings.check_choice(session, gathering_ids))


def gatherings_of(session: Session, programme_id: int) -> tuple[int, ...]:
    """A programme's usual gatherings, in the order of their tiles."""
    return queries.gathering_ids(session, programme_id)


def usual_gatherings(session: Session) -> tuple[int, ...]:
    """What a tablet carries that is made for nobody yet: those of the one programme that lends. None where several
    do: nobody can say whose it will be.
    """
    lending = queries.programmes(session, only_active=True)
    return queries.gathering_ids(session, lending[0].id) if len(lending) == 1 else ()


def _end_problem(starts_on: date, ends_on: date, this_year: int) -> str:
    if ends_on <= starts_on:
        return "It ends before it starts; check both dates."
    return "" if ends_on.year <= this_year + 10 else "It ends more than ten years from now; check the year."
