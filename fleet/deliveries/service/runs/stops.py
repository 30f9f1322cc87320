"""The stops of a run: put on it, taken off it, put on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.fitting import Slot, first_clash, place_for
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import (
    BRINGS,
    UNDER_WAY,
    JobEnd,
    JobKind,
    JobMove,
    JobState,
    RunState,
    capacity_of,
    coverage_problem,
    room_problem,
)
from fleet.deliveries.service.writer import get_job, lock_run, move_job, note
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


@dataclass(frozen=True)
class Window:
    """When the courier comes, in the hub's own time."""

    start: time
    end: time


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
    run = lock_run(session, run_id)
    if run.state is RunState.DONE:
        raise Conflict(f"Nothing was changed. Run {run.id} is finished.", next_step="Make another run.")
    loan = loans.get_loan(session, loan_id)
    kind = _kind_for(loan)
    jobs = queries.jobs_locked(session, [run.id])
    _check_job(session, run, loan, jobs)
    begins, ends = _window(session, run, window)
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
    _put_in_order(job, jobs)
    if kind is JobKind.DELIVER:
        loans.dispatch(session, loan.id, actor=actor, settings=settings, happening=happening)
    _follow_run(session, run, job, actor=actor, happening=happening)
    words = f"Stop {job.sequence} added: loan {loan.id}"
    note(session, run.id, kind="job_added", words=words, actor=actor, happening=happening, job_id=job.id)
    return job


def _put_in_order(job: DeliveryJob, others: Sequence[DeliveryJob]) -> None:
    """Among the stops that are still to come, by its window; what is done stays before it."""
    done, to_come = _in_two(others)
    place = place_for([_slot(each) for each in to_come], _slot(job))
    _number([*done, *to_come[:place], job, *to_come[place:]], others)


def _in_two(jobs: Sequence[DeliveryJob]) -> tuple[list[DeliveryJob], list[DeliveryJob]]:
    """The stops up to the last one that is done, and those after it. What was taken off is in neither."""
    standing = [each for each in jobs if each.ended is not JobEnd.TAKEN_OFF]
    done = max((place + 1 for place, each in enumerate(standing) if each.state not in UNDER_WAY), default=0)
    return standing[:done], standing[done:]


def _slot(job: DeliveryJob) -> Slot:
    return Slot(job.window_from, job.window_to)


def _number(ordered: Sequence[DeliveryJob], jobs: Sequence[DeliveryJob]) -> None:
    """Count the stops of a run from 1; those taken off come last."""
    taken_off = [each for each in jobs if each.ended is JobEnd.TAKEN_OFF]
    for number, each in enumerate([*ordered, *taken_off], start=1):
        if each.sequence != number:
            each.sequence = number


def put_at(session: Session, job_id: int, place: int, *, actor: Actor, happening: Happening) -> DeliveryJob:
    """Make a stop the `place`-th of its run, counted from 1. Raises `NotFound`, `Conflict`; `BadInput` where a window
    would be over before an earlier stop's begins, or the place is before what is done already.
    """
    run = lock_run(session, get_job(session, job_id).run_id)
    jobs = queries.jobs_locked(session, [run.id])
    done, to_come = _in_two(jobs)
    job = next((each for each in to_come if each.id == job_id), None)
    if job is None or run.state is RunState.DONE:
        raise Conflict("Nothing was moved. That stop is done, or off the run.", next_step="Reload the page.")
    rest = [each for each in to_come if each is not job]
    wanted = min(max(place - 1 - len(done), 0), len(rest))
    ordered = [*rest[:wanted], job, *rest[wanted:]]
    clash = first_clash([_slot(each) for each in ordered])
    if clash is not None:
        zone = ZoneInfo(partners.get_organisation(session, run.hub_id).time_zone)
        late, early = (ordered[each] for each in clash)
        said = f"{_window_words(late, zone)} would be over before {_window_words(early, zone)} begins."
        raise BadInput("Nothing was moved.", fields={"place": f"Nothing was moved: {said}"})
    before = job.sequence
    _number([*done, *ordered], jobs)
    session.flush()
    if job.sequence != before:
        words = f"Stop {before} made stop {job.sequence}"
        note(session, run.id, kind="job_moved", words=words, actor=actor, happening=happening, job_id=job.id)
    return job


def _window_words(job: DeliveryJob, zone: ZoneInfo) -> str:
    begins, ends = job.window_from.astimezone(zone), job.window_to.astimezone(zone)
    return f"{begins:%H:%M} to {ends:%H:%M}"


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
    capacity = capacity_of(run.vehicle, organisation.vehicle_capacity if organisation else None)
    area = people.get_person(session, loan.person_id).area
    problems = [
        room_problem(sum(job.state in UNDER_WAY for job in jobs), capacity),
        coverage_problem({area}, organisation.covers if organisation else ()),
    ]
    found = [problem for problem in problems if problem]
    if found:
        raise BadInput("No stop was added.", fields={"loan_id": " ".join(found)})


def _window(session: Session, run: CourierRun, window: Window) -> tuple[datetime, datetime]:
    if window.end <= window.start:
        raise BadInput("No stop was added.", fields={"window_to": "The end of the window comes after its beginning."})
    zone = ZoneInfo(partners.get_organisation(session, run.hub_id).time_zone)
    return datetime.combine(run.day, window.start, zone), datetime.combine(run.day, window.end, zone)


def _follow_run(session: Session, run: CourierRun, job: DeliveryJob, *, actor: Actor, happening: Happening) -> None:
    """A job added to a run that was offered or accepted stands where the run stands."""
    if run.state in (RunState.OFFERED, RunState.ACCEPTED):
        move_job(session, job, JobMove.OFFER, actor=actor, now=happening.now)
    if run.state is RunState.ACCEPTED:
        move_job(session, job, JobMove.ACCEPT, actor=actor, now=happening.now)


def take_off(session: Session, job_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> DeliveryJob:
    """Take a stop off its run, so that the loan can go on another. Raises `MoveRefused` once its tablet is on board."""
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
    return add_job(session, run_id, loan_id=job.loan_id, window=window, actor=actor, settings=settings, happening=told)
