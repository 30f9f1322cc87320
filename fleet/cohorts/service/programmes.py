"""Setting up programmes, and finding the policy that a loan follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from fleet.cohorts import queries
from fleet.cohorts.models import Programme
from fleet.cohorts.rules import LoanPolicy, PaidBy, funders_problem, policy_problems
from fleet.errors import BadInput, Conflict, there
from fleet.gatherings import service as gatherings
from fleet.partners.models import OrganisationKind
from fleet.partners.service import organisations_of_kind
from fleet.users.actor import Actor


def get_programme(session: Session, programme_id: int) -> Programme:
    """Raises `NotFound`."""
    return there(
        queries.programme(session, programme_id),
        "There is no such programme.",
        next_step="Look for it in the list of programmes.",
    )


def active_programmes(session: Session) -> Sequence[Programme]:
    """The programmes that still lend, by name."""
    return queries.programmes(session, only_active=True)


def programmes_by_id(session: Session, programme_ids: Sequence[int]) -> dict[int, Programme]:
    return queries.programmes_by_id(session, programme_ids)


def add_programme(
    session: Session,
    *,
    hub_id: int,
    name: str,
    policy: LoanPolicy,
    actor: Actor,
    now: datetime,
    funders: Sequence[PaidBy] = (),
) -> Programme:
    """Set up a programme with its policy. Raises `BadInput`, or `Conflict` when the hub has one of that name."""
    paid_by = _tidied(funders)
    _check(session, hub_id, name, policy, paid_by, "The programme was not added.")
    programme = Programme(hub_id=hub_id, name=name.strip(), created_at=now, **_columns(policy))
    session.add(programme)
    session.flush()
    queries.replace_funders(session, programme.id, paid_by)
    return programme


def change_programme(
    session: Session,
    programme_id: int,
    *,
    name: str,
    policy: LoanPolicy,
    actor: Actor,
    funders: Sequence[PaidBy] = (),
    active: bool = True,
) -> Programme:
    """Change who a programme is for and how it lends, from the next request and the next due date on; dates that were
    promised stay. Raises `BadInput`, `Conflict`, `NotFound`."""
    programme = get_programme(session, programme_id)
    paid_by = _tidied(funders)
    _check(session, programme.hub_id, name, policy, paid_by, "Nothing was changed.", besides=programme)
    programme.name, programme.active = name.strip(), active
    for column, value in _columns(policy).items():
        setattr(programme, column, value)
    session.flush()
    if paid_by != funders_of(session, [programme.id])[programme.id]:
        queries.replace_funders(session, programme.id, paid_by)
    return programme


def funders_of(session: Session, programme_ids: Sequence[int]) -> dict[int, tuple[PaidBy, ...]]:
    """Who pays for each of these programmes; nobody where we do ourselves."""
    found = queries.funders_of(session, programme_ids)
    return {number: found.get(number, ()) for number in programme_ids}


def _columns(policy: LoanPolicy) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(policy).items()}


def _tidied(funders: Sequence[PaidBy]) -> tuple[PaidBy, ...]:
    return tuple(PaidBy(each.funder_id, each.note.strip()) for each in funders)


def _check(
    session: Session,
    hub_id: int,
    name: str,
    policy: LoanPolicy,
    paid_by: Sequence[PaidBy],
    refusal: str,
    besides: Programme | None = None,
) -> None:
    problems = policy_problems(policy)
    kept = () if besides is None else funders_of(session, [besides.id])[besides.id]
    known = {each.id for each in organisations_of_kind(session, OrganisationKind.FUNDER)}
    wrong = funders_problem(paid_by, known | {each.funder_id for each in kept})
    if wrong:
        problems["funders"] = wrong
    if not name.strip() or len(name.strip()) > 120:
        problems["name"] = "Enter the programme's name, up to 120 letters."
    if problems:
        raise BadInput(refusal, fields=problems)
    other = queries.programme_by_name(session, hub_id, name.strip())
    if other is not None and other is not besides:
        raise Conflict(f"There is a programme called {name.strip()} already.", next_step="Use that one.")


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
