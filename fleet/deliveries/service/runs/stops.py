"""The stops of a run: put on it, taken off it, put on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import (
    BRINGS,
    UNDER_WAY,
    JobKind,
    JobMove,
    JobState,
    coverage_problem,
    room_problem,
)
from fleet.deliveries.service.runs.homeward import bring_home
from fleet.deliveries.service.runs.order import Window, capacity_on, follow_run, put_in_order, window_on
from fleet.deliveries.service.writer import get_job, lock_open_run, lock_run, move_job, note
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import WITH_A_TABLET, LoanState
from fleet.partners import service as partners
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor


def add_job(
    session: Session,
    run_id: int,
    *,
    loan_id: int,
    window: Window,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> DeliveryJob:
    """Put a loan's delivery, collection or swap on a run, where its window fits: which of them, its state says.

    A tablet that is brought is packed by this (the loan's `dispatch`). The database lets a loan have one job under way.
    Raises `NotFound`, `BadInput`, `Conflict`, or `MoveRefused` from the loan.
    """
    run = lock_open_run(session, run_id)
    loan = loans.get_loan(session, loan_id)
    kind = _kind_for(loan)
    jobs = queries.jobs_locked(session, [run.id])
    _check_job(session, run, loan, jobs)
    begins, ends = window_on(session, run, window)
    link = loans.open_tablet(session, loan.id)
    if link is None:
        raise Conflict(f"Nothing was changed. Loan {loan.id} has no tablet.", next_step="Allocate one first.")
    _refuse_one_that_is_out(session, loan, kind)
    job = DeliveryJob(
        run_id=run.id,
        sequence=len(jobs) + 1,
        kind=kind,
        loan_id=loan.id,
        tablet_id=link.tablet_id,
        brings_id=loan.swap_tablet_id if kind is JobKind.SWAP else None,
        state=JobState.PLANNED,
        window_from=begins,
        window_to=ends,
        doorstep_phrase=loan.doorstep_phrase,
        changed_at=happening.now,
    )
    session.add(job)
    session.flush()
    put_in_order(job, jobs)
    if kind is JobKind.DELIVER:
        loans.dispatch(session, loan.id, actor=actor, settings=settings, happening=happening)
    follow_run(session, run, job, actor=actor, happening=happening)
    words = f"Stop {job.sequence} added: loan {loan.id}"
    note(session, run.id, kind="job_added", words=words, actor=actor, happening=happening, job_id=job.id)
    return job


def kind_asked(loan: Loan) -> JobKind | None:
    """What a loan asks of a courier as it stands."""
    if loan.kind not in WITH_A_TABLET:
        return None
    if loan.state is LoanState.ACTIVE and loan.swap_tablet_id is not None:
        return JobKind.SWAP
    return {LoanState.ALLOCATED: JobKind.DELIVER, LoanState.RETURN_ARRANGED: JobKind.COLLECT}.get(loan.state)


def _kind_for(loan: Loan) -> JobKind:
    kind = kind_asked(loan)
    if kind is None:
        raise BadInput(
            "No stop was added.",
            fields={
                "loan_id": f"Loan {loan.id} is {loan.state.value.replace('_', ' ')}. A tablet is brought once it is "
                "allocated, fetched once its return is arranged, and swapped once that is."
            },
        )
    return kind


def _refuse_one_that_is_out(session: Session, loan: Loan, kind: JobKind) -> None:
    """A courier has the other tablet of a swap still, from a run of before."""
    other_id = loan.swap_tablet_id
    if (
        kind is JobKind.SWAP
        and other_id is not None
        and tablets.get_tablet(session, other_id).stage is not Stage.ALLOCATED
    ):
        raise Conflict(
            f"Nothing was changed. The tablet kept for loan {loan.id} is not at the hub.",
            next_step="Scan it back at the hub first.",
        )


def _check_job(session: Session, run: CourierRun, loan: Loan, jobs: Sequence[DeliveryJob]) -> None:
    taken = queries.open_job_of_loan(session, loan.id)
    if taken is not None:
        raise Conflict(
            f"Nothing was changed. Loan {loan.id} is on run {taken.run_id} already.",
            next_step="Take it off that run first.",
        )
    organisation = partners.get_organisation(session, run.organisation_id) if run.organisation_id else None
    area = people.get_person(session, loan.person_id).area
    problems = [
        room_problem(sum(job.state in UNDER_WAY for job in jobs), capacity_on(session, run)),
        coverage_problem({area}, organisation.covers if organisation else ()),
    ]
    found = [problem for problem in problems if problem]
    if found:
        raise BadInput("No stop was added.", fields={"loan_id": " ".join(found)})


def take_off(session: Session, job_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> DeliveryJob:
    """Take a stop off its run, so that its loan or tablet can go on another.

    Raises `MoveRefused` once its tablet is on board.
    """
    lock_run(session, get_job(session, job_id).run_id)
    job = get_job(session, job_id)
    session.refresh(job)
    if job.state is JobState.FAILED and job.kind in BRINGS:
        raise Conflict(
            f"Nothing was changed. The courier has the tablet of stop {job.sequence}.",
            next_step="Scan it back at the hub first.",
        )
    move_job(session, job, JobMove.TAKE_OFF, actor=actor, now=happening.now)
    words = f"Stop {job.sequence} taken off"
    note(session, job.run_id, kind="job_taken_off", words=words, actor=actor, happening=happening, job_id=job.id)
    return job


def move_to_run(
    session: Session,
    job_id: int,
    run_id: int,
    *,
    window: Window,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> DeliveryJob:
    """Take a stop off its run and put it on another: a job of its own, so that each run's story stays."""
    job = take_off(session, job_id, actor=actor, settings=settings, happening=happening)
    told = replace(happening, client_id=None)
    if job.kind is JobKind.HOME:
        of_one = [job.tablet_id]
        return bring_home(session, run_id, tablet_ids=of_one, window=window, actor=actor, happening=told)[0]
    return add_job(session, run_id, loan_id=job.of_loan, window=window, actor=actor, settings=settings, happening=told)
