"""Every read of runs, jobs and scans, and the locked reads that changes begin with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.database.base import LARGEST_ID
from fleet.deliveries.models import CourierRun, DeliveryJob, RunEvent, Scan
from fleet.deliveries.rules import UNDER_WAY, JobKind, RunState
from fleet.http.paging import Found, ListQuery, find
from fleet.loans.models import Loan, LoanTablet
from fleet.loans.rules import LoanState
from fleet.people.models import Need, Person
from fleet.users.models import User
from fleet.users.rules import Role


@dataclass(frozen=True)
class Stop:
    """A job with the loan and the person behind it. For this room only: pages and answers get what a role may see."""

    job: DeliveryJob
    run: CourierRun
    loan: Loan
    person: Person


def run(session: Session, run_id: int) -> CourierRun | None:
    return session.get(CourierRun, run_id)


def run_locked(session: Session, run_id: int) -> CourierRun | None:
    query = select(CourierRun).where(CourierRun.id == run_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def runs_of(session: Session, courier_id: int, *, first: date, last: date) -> Sequence[CourierRun]:
    """The runs a courier was asked to do between two days, both counted; never those still being planned."""
    query = select(CourierRun).where(
        CourierRun.courier_id == courier_id,
        CourierRun.day >= first,
        CourierRun.day <= last,
        CourierRun.state != RunState.PLANNED,
    )
    return session.scalars(query.order_by(CourierRun.day, CourierRun.id)).all()


def job(session: Session, job_id: int) -> DeliveryJob | None:
    return session.get(DeliveryJob, job_id)


def jobs_of(session: Session, run_ids: Collection[int]) -> Sequence[DeliveryJob]:
    query = select(DeliveryJob).where(DeliveryJob.run_id.in_(run_ids))
    return session.scalars(query.order_by(DeliveryJob.run_id, DeliveryJob.sequence, DeliveryJob.id)).all()


def jobs_locked(session: Session, run_ids: Collection[int]) -> Sequence[DeliveryJob]:
    query = select(DeliveryJob).where(DeliveryJob.run_id.in_(run_ids)).order_by(DeliveryJob.id).with_for_update()
    jobs = session.scalars(query.execution_options(populate_existing=True)).all()
    return sorted(jobs, key=lambda each: (each.run_id, each.sequence, each.id))


def stops_of(session: Session, run_ids: Collection[int]) -> Sequence[Stop]:
    """The jobs of runs in their order, each with its loan and person."""
    query = (
        select(DeliveryJob, CourierRun, Loan, Person)
        .join(CourierRun, CourierRun.id == DeliveryJob.run_id)
        .join(Loan, Loan.id == DeliveryJob.loan_id)
        .join(Person, Person.id == Loan.person_id)
        .where(DeliveryJob.run_id.in_(run_ids))
        .order_by(CourierRun.day, DeliveryJob.run_id, DeliveryJob.sequence, DeliveryJob.id)
    )
    return [Stop(*row) for row in session.execute(query)]


def needs_of(session: Session, person_ids: Collection[int]) -> dict[int, list[Need]]:
    """person -> needs that hold today."""
    query = select(Need).where(Need.person_id.in_(person_ids), Need.ended_at.is_(None)).order_by(Need.code)
    found: dict[int, list[Need]] = {}
    for need in session.scalars(query):
        found.setdefault(need.person_id, []).append(need)
    return found


def tablets_of_loans(session: Session, loan_ids: Collection[int]) -> dict[int, int]:
    """loan -> the tablet it has."""
    query = select(LoanTablet.loan_id, LoanTablet.tablet_id).where(
        LoanTablet.loan_id.in_(loan_ids), LoanTablet.to_at.is_(None)
    )
    return dict(session.execute(query).all())


def areas_of_run(session: Session, run_id: int) -> frozenset[str]:
    """The first halves of the postcodes of a run's jobs that are under way."""
    query = (
        select(Person.area)
        .join(Loan, Loan.person_id == Person.id)
        .join(DeliveryJob, DeliveryJob.loan_id == Loan.id)
        .where(DeliveryJob.run_id == run_id, DeliveryJob.state.in_(UNDER_WAY))
    )
    return frozenset(session.scalars(query))


def open_job_of_loan(session: Session, loan_id: int) -> DeliveryJob | None:
    return session.scalar(
        select(DeliveryJob).where(DeliveryJob.loan_id == loan_id, DeliveryJob.state.in_(UNDER_WAY)).limit(1)
    )


def attempts_for(session: Session, loan_ids: Collection[int]) -> dict[tuple[int, JobKind], int]:
    """(loan, kind) -> failed attempts over all jobs, of earlier runs too."""
    query = (
        select(DeliveryJob.loan_id, DeliveryJob.kind, func.sum(DeliveryJob.attempts))
        .where(DeliveryJob.loan_id.in_(loan_ids))
        .group_by(DeliveryJob.loan_id, DeliveryJob.kind)
    )
    return {(loan_id, kind): int(total) for loan_id, kind, total in session.execute(query)}


def loans_waiting(session: Session, *, hub_id: int) -> Sequence[tuple[Loan, Person]]:
    """Loans whose tablet waits to be brought or fetched and that no run has yet; by area."""
    on_a_run = select(DeliveryJob.loan_id).where(DeliveryJob.state.in_(UNDER_WAY))
    query = (
        select(Loan, Person)
        .join(Person, Person.id == Loan.person_id)
        .where(
            Loan.state.in_((LoanState.ALLOCATED, LoanState.RETURN_ARRANGED)),
            Loan.hub_id == hub_id,
            Loan.id.not_in(on_a_run),
        )
        .order_by(Person.area, Loan.state, Loan.id)
        .limit(200)
    )
    return list(session.execute(query))


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
    if query.filter("state") in list(RunState):
        statement = statement.where(CourierRun.state == RunState(query.filter("state")))
    day = _day(query.filter("day"))
    if day is not None:
        statement = statement.where(CourierRun.day == day)
    if query.filter("courier").isdecimal():
        statement = statement.where(CourierRun.courier_id == min(int(query.filter("courier")), LARGEST_ID))
    sorts = {"day": CourierRun.day, "state": CourierRun.state, "id": CourierRun.id}
    return find(session, statement, query, sorts=sorts, tie=CourierRun.id, default_sort="day", default_descending=True)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def scan_by_client_id(session: Session, client_id: str) -> Scan | None:
    return session.scalar(select(Scan).where(Scan.client_id == client_id))


def last_sequence(session: Session, courier_id: int) -> int:
    """The count of the latest fact that a courier told."""
    query = select(Scan.sequence).where(Scan.courier_id == courier_id).order_by(Scan.id.desc()).limit(1)
    return session.scalar(query) or 0


def scan(session: Session, scan_id: int) -> Scan | None:
    return session.get(Scan, scan_id)


def scan_locked(session: Session, scan_id: int) -> Scan | None:
    query = select(Scan).where(Scan.id == scan_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def counted_scans(session: Session, job_id: int) -> Sequence[Scan]:
    """The facts that make up a job's story."""
    return session.scalars(select(Scan).where(Scan.job_id == job_id, Scan.counts)).all()


def scans_of_run(session: Session, run_id: int) -> Sequence[Scan]:
    """As they happened."""
    query = select(Scan).where(Scan.run_id == run_id).order_by(Scan.effective_at, Scan.sequence, Scan.id)
    return session.scalars(query.limit(1000)).all()


def scans_of_job(session: Session, job_id: int) -> Sequence[Scan]:
    """As they happened."""
    query = select(Scan).where(Scan.job_id == job_id).order_by(Scan.effective_at, Scan.sequence, Scan.id)
    return session.scalars(query).all()


def find_scans(session: Session, query: ListQuery) -> Found[Scan]:
    """Filters: `review` (waiting, settled, all; waiting unless said otherwise), `answer`."""
    statement = select(Scan)
    match query.filter("review") or "waiting":
        case "waiting":
            statement = statement.where(Scan.needs_review, Scan.settled_at.is_(None))
        case "settled":
            statement = statement.where(Scan.settled_at.is_not(None))
        case _:
            pass
    if query.filter("answer") in ("applied", "already", "conflict", "refused"):
        statement = statement.where(Scan.answer == query.filter("answer"))
    sorts = {"id": Scan.id, "when": Scan.effective_at, "courier": Scan.courier_name}
    return find(session, statement, query, sorts=sorts, tie=Scan.id, default_sort="id", default_descending=True)


def count_waiting(session: Session) -> int:
    """Facts that a person has to look at."""
    return session.scalar(select(func.count()).where(Scan.needs_review, Scan.settled_at.is_(None))) or 0


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
