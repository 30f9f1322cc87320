"""Every read of runs, their log and who does them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.database.lists import Found, ListQuery, find
from fleet.database.locking import locked
from fleet.deliveries.models import CourierRun, DeliveryJob, RunEvent
from fleet.deliveries.rules import UNDER_WAY, RunState
from fleet.loans.models import Loan
from fleet.people.models import Person
from fleet.users.models import User
from fleet.users.rules import Role


def run(session: Session, run_id: int) -> CourierRun | None:
    return session.get(CourierRun, run_id)


def run_locked(session: Session, run_id: int) -> CourierRun | None:
    return locked(session, CourierRun, run_id)


def runs_of(session: Session, courier_id: int, *, first: date, last: date) -> Sequence[CourierRun]:
    """The runs a courier was asked to do between two days, both counted; never those still being planned."""
    query = select(CourierRun).where(
        CourierRun.courier_id == courier_id,
        CourierRun.day >= first,
        CourierRun.day <= last,
        CourierRun.state != RunState.PLANNED,
    )
    return session.scalars(query.order_by(CourierRun.day, CourierRun.id)).all()


def areas_of_run(session: Session, run_id: int) -> frozenset[str]:
    """The first halves of the postcodes of a run's jobs that are under way."""
    query = (
        select(Person.area)
        .join(Loan, Loan.person_id == Person.id)
        .join(DeliveryJob, DeliveryJob.loan_id == Loan.id)
        .where(DeliveryJob.run_id == run_id, DeliveryJob.state.in_(UNDER_WAY))
    )
    return frozenset(session.scalars(query))


def job_counts(session: Session, run_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """run -> (jobs still under way, jobs in all)."""
    query = select(DeliveryJob.run_id, DeliveryJob.state, func.count()).where(DeliveryJob.run_id.in_(run_ids))
    counts: dict[int, tuple[int, int]] = {}
    for run_id, state, number in session.execute(query.group_by(DeliveryJob.run_id, DeliveryJob.state)):
        left, total = counts.get(run_id, (0, 0))
        counts[run_id] = (left + (number if state in UNDER_WAY else 0), total + number)
    return counts


def events(session: Session, run_id: int) -> Sequence[RunEvent]:
    """Newest first."""
    query = select(RunEvent).where(RunEvent.run_id == run_id).order_by(RunEvent.id.desc()).limit(200)
    return session.scalars(query).all()


def was_ever_offered_to(session: Session, run_id: int, courier_id: int) -> bool:
    """Whether a run was this courier's at some time, though it may be another's today."""
    query = select(RunEvent.id).where(
        RunEvent.run_id == run_id, RunEvent.kind == "offer", RunEvent.reason == f"courier {courier_id}"
    )
    return session.scalar(query.limit(1)) is not None


def find_runs(session: Session, query: ListQuery) -> Found[CourierRun]:
    """Filters: `state`, `day` (as 2026-06-12), `courier` (number)."""
    statement = select(CourierRun)
    if (state := query.choice("state", RunState)) is not None:
        statement = statement.where(CourierRun.state == state)
    day = query.day("day")
    if day is not None:
        statement = statement.where(CourierRun.day == day)
    if (courier_id := query.number("courier")) is not None:
        statement = statement.where(CourierRun.courier_id == courier_id)
    sorts = {"day": CourierRun.day, "state": CourierRun.state, "id": CourierRun.id}
    return find(session, statement, query, sorts=sorts, tie=CourierRun.id, default_sort="day", default_descending=True)


def couriers(session: Session) -> Sequence[User]:
    """Everybody active who carries tablets, by name. Roles are words in one column, so they are sifted here."""
    query = select(User).where(User.active).order_by(func.lower(User.name), User.id)
    return [user for user in session.scalars(query) if Role.COURIER in user.roles]


def names_of(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(user_ids))).all())


def runs_to_come(session: Session, *, hub_id: int, first: date) -> Sequence[CourierRun]:
    """The hub's runs from a day on that are not finished."""
    query = select(CourierRun).where(
        CourierRun.hub_id == hub_id, CourierRun.day >= first, CourierRun.state != RunState.DONE
    )
    return session.scalars(query.order_by(CourierRun.day, CourierRun.id).limit(100)).all()
