"""Every read of jobs: the stops of runs, with the loans and people behind them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import BRINGS, TO_DO, UNDER_WAY, JobEnd, JobKind
from fleet.loans.models import Loan, LoanTablet
from fleet.partners.models import Organisation
from fleet.people.models import Need, Person


@dataclass(frozen=True)
class Stop:
    """A job with the loan and the person behind it, or the two hubs of a way home. For this room only: pages and
    answers get what a role may see."""

    job: DeliveryJob
    run: CourierRun
    loan: Loan | None = None
    person: Person | None = None
    from_hub: Organisation | None = None
    to_hub: Organisation | None = None

    @property
    def area(self) -> str:
        """The first half of the person's postcode."""
        return self.person.area if self.person is not None else ""

    @property
    def called_off(self) -> bool:
        """Whether something is on its way to somebody of whom all contact was stopped: nobody goes to that door."""
        stopped = self.loan is not None and self.loan.stopped_at is not None
        return stopped and self.job.kind in BRINGS and self.job.state in TO_DO

    @property
    def to_turn_back(self) -> bool:
        """Whether its courier is to be rung: it was called off, and the hub has not scanned in what they carry."""
        return self.called_off and self.loan is not None and self.loan.closed_at is None

    @property
    def whom(self) -> str:
        """For whom it is: a person's whole name, or from which hub to which."""
        if self.person is not None:
            return f"{self.person.first_name} {self.person.last_name}"
        return f"from {_name(self.from_hub)} to {_name(self.to_hub)}"


def _name(hub: Organisation | None) -> str:
    return hub.name if hub is not None else ""


def job(session: Session, job_id: int) -> DeliveryJob | None:
    return session.get(DeliveryJob, job_id)


def jobs_of(session: Session, run_ids: Collection[int]) -> Sequence[DeliveryJob]:
    query = select(DeliveryJob).where(DeliveryJob.run_id.in_(run_ids))
    return session.scalars(query.order_by(DeliveryJob.run_id, DeliveryJob.sequence, DeliveryJob.id)).all()


_LOCKED = (
    select(DeliveryJob)
    .where(DeliveryJob.run_id.in_(bindparam("run_ids", expanding=True)))
    .order_by(DeliveryJob.id)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def jobs_locked(session: Session, run_ids: Collection[int]) -> Sequence[DeliveryJob]:
    jobs = session.scalars(_LOCKED, {"run_ids": run_ids}).all()
    return sorted(jobs, key=lambda each: (each.run_id, each.sequence, each.id))


_FROM, _TO = aliased(Organisation), aliased(Organisation)


def stops_of(session: Session, run_ids: Collection[int]) -> Sequence[Stop]:
    """The jobs of runs in their order, each with its loan and person, or its two hubs."""
    query = (
        select(DeliveryJob, CourierRun, Loan, Person, _FROM, _TO)
        .join(CourierRun, CourierRun.id == DeliveryJob.run_id)
        .outerjoin(Loan, Loan.id == DeliveryJob.loan_id)
        .outerjoin(Person, Person.id == Loan.person_id)
        .outerjoin(_FROM, _FROM.id == DeliveryJob.from_hub_id)
        .outerjoin(_TO, _TO.id == DeliveryJob.to_hub_id)
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


_TABLETS_OF_LOANS = (
    select(Loan.id, LoanTablet.tablet_id, Loan.swap_tablet_id)
    .outerjoin(LoanTablet, and_(LoanTablet.loan_id == Loan.id, LoanTablet.to_at.is_(None)))
    .where(Loan.id.in_(bindparam("loan_ids", expanding=True)))
)


def tablets_of_loans(session: Session, loan_ids: Collection[int]) -> dict[int, tuple[int | None, int | None]]:
    """loan -> the tablet it has, and the one that is kept for a swap."""
    rows = session.execute(_TABLETS_OF_LOANS, {"loan_ids": list(loan_ids)})
    return {loan_id: (tablet_id, swap_id) for loan_id, tablet_id, swap_id in rows}


def open_job_of_loan(session: Session, loan_id: int) -> DeliveryJob | None:
    return session.scalar(
        select(DeliveryJob).where(DeliveryJob.loan_id == loan_id, DeliveryJob.state.in_(UNDER_WAY)).limit(1)
    )


def last_visit(session: Session, loan_id: int) -> DeliveryJob | None:
    """The stop of a loan that ended with a hand-over or a collection, the last if there were several."""
    done = DeliveryJob.ended.in_((JobEnd.HANDED_OVER, JobEnd.COLLECTED))
    query = select(DeliveryJob).where(DeliveryJob.loan_id == loan_id, done)
    return session.scalar(query.order_by(DeliveryJob.id.desc()).limit(1))


def open_way_home(session: Session, tablet_id: int) -> DeliveryJob | None:
    """The stop under way that brings this tablet home from another hub."""
    query = select(DeliveryJob).where(
        DeliveryJob.tablet_id == tablet_id, DeliveryJob.kind == JobKind.HOME, DeliveryJob.state.in_(UNDER_WAY)
    )
    return session.scalar(query.limit(1))


_ATTEMPTS = (
    select(DeliveryJob.loan_id, DeliveryJob.kind, func.sum(DeliveryJob.attempts))
    .where(DeliveryJob.loan_id.in_(bindparam("loan_ids", expanding=True)))
    .group_by(DeliveryJob.loan_id, DeliveryJob.kind)
)


def attempts_for(session: Session, loan_ids: Collection[int]) -> dict[tuple[int, JobKind], int]:
    """(loan, kind) -> failed attempts over all jobs, of earlier runs too."""
    rows = session.execute(_ATTEMPTS, {"loan_ids": list(loan_ids)})
    return {(loan_id, kind): int(total) for loan_id, kind, total in rows if loan_id is not None}


def job_of_tablet(session: Session, run_id: int, tablet_id: int) -> DeliveryJob | None:
    """The latest stop of a run that is about this tablet."""
    query = select(DeliveryJob).where(DeliveryJob.run_id == run_id, DeliveryJob.tablet_id == tablet_id)
    return session.scalar(query.order_by(DeliveryJob.id.desc()).limit(1))
