"""Planning: runs, the jobs on them, who does them, and how a run ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import (
    UNDER_WAY,
    Face,
    JobEnd,
    JobKind,
    JobMove,
    JobState,
    RunMove,
    RunState,
    Vehicle,
    capacity_of,
    coverage_problem,
    room_problem,
)
from fleet.deliveries.service.writer import get_job, lock_run, move_job, move_run, note
from fleet.deliveries.words import FAIL_WORDS
from fleet.errors import BadInput, Conflict, NotFound
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.people import service as people
from fleet.settings import Settings
from fleet.tags import service as tags
from fleet.users.actor import Actor
from fleet.users.models import User

LONGEST_AHEAD = timedelta(days=180)


@dataclass(frozen=True)
class Window:
    """When the courier comes, in the hub's own time."""

    start: time
    end: time


def create_run(
    session: Session,
    *,
    day: date,
    vehicle: Vehicle,
    actor: Actor,
    happening: Happening,
    courier_id: int | None = None,
) -> CourierRun:
    """Begin a run for a day; with a courier it is offered to them at once. Raises `BadInput`."""
    hub = partners.get_hub(session)
    today = local_date(happening.now, ZoneInfo(hub.time_zone))
    if not today <= day <= today + LONGEST_AHEAD:
        said = "Choose today or a day in the next half year."
        raise BadInput("No run was made.", fields={"day": said})
    run = CourierRun(
        hub_id=hub.id,
        day=day,
        vehicle=vehicle,
        state=RunState.PLANNED,
        created_at=happening.now,
        changed_at=happening.now,
    )
    session.add(run)
    session.flush()
    note(session, run.id, kind="planned", words="Planned", actor=actor, happening=happening)
    if courier_id is not None:
        assign_run(session, run.id, courier_id=courier_id, actor=actor, happening=happening)
    return run


def assign_run(session: Session, run_id: int, *, courier_id: int, actor: Actor, happening: Happening) -> CourierRun:
    """Offer a run to a courier, or hand it to another one. Nothing of it may be on board.

    Raises `NotFound`, `BadInput` for somebody who is no courier, whose organisation does not cover an area, or whose
    vehicle carries less; `Conflict` while a courier has tablets of it.
    """
    run = lock_run(session, run_id)
    courier = _courier(session, courier_id)
    organisation = _organisation_of(session, courier)
    jobs = [job for job in queries.jobs_locked(session, [run.id]) if job.state in UNDER_WAY]
    _refuse_while_on_board(run, jobs, courier_id)
    _refuse_beyond(session, run, organisation, len(jobs))
    run.courier_id = courier.id
    run.organisation_id = organisation.id if organisation else None
    offered = replace(happening, reason=f"courier {courier.id}")
    move_run(session, run, RunMove.OFFER, actor=actor, happening=offered)
    for job in jobs:
        move_job(session, job, JobMove.OFFER, actor=actor, now=happening.now)
    return run


def _courier(session: Session, courier_id: int) -> User:
    for user in couriers(session):
        if user.id == courier_id:
            return user
    raise BadInput("The run was not given to anybody.", fields={"courier_id": "Choose one of the couriers."})


def couriers(session: Session) -> Sequence[User]:
    """Everybody who carries tablets, by name."""
    return queries.couriers(session)


def _organisation_of(session: Session, courier: User) -> Organisation | None:
    if courier.organisation_id is None:
        return None
    return partners.get_organisation(session, courier.organisation_id)


def _refuse_while_on_board(run: CourierRun, jobs: Collection[DeliveryJob], courier_id: int) -> None:
    on_board = [job for job in jobs if job.state in (JobState.LOADED, JobState.FAILED)]
    if on_board and run.courier_id != courier_id:
        raise Conflict(
            f"Nothing was changed. The courier of run {run.id} has {len(on_board)} of its tablets.",
            next_step="Scan them back at the hub first, then hand the run over.",
        )


def _refuse_beyond(session: Session, run: CourierRun, organisation: Organisation | None, jobs: int) -> None:
    capacity = capacity_of(run.vehicle, organisation.vehicle_capacity if organisation else None)
    problems = [
        coverage_problem(queries.areas_of_run(session, run.id), organisation.covers if organisation else ()),
        room_problem(jobs - 1, capacity) if jobs else None,
    ]
    found = [problem for problem in problems if problem]
    if found:
        raise BadInput("The run was not given to anybody.", fields={"courier_id": " ".join(found)})


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
    """Put a loan's delivery or collection at the end of a run: which of the two, its state says.

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
    job = DeliveryJob(
        run_id=run.id,
        sequence=max((each.sequence for each in jobs), default=0) + 1,
        kind=kind,
        loan_id=loan.id,
        tablet_id=link.tablet_id,
        state=JobState.PLANNED,
        window_from=begins,
        window_to=ends,
        doorstep_phrase=loan.doorstep_phrase,
        changed_at=happening.now,
    )
    session.add(job)
    session.flush()
    if kind is JobKind.DELIVER:
        loans.dispatch(session, loan.id, actor=actor, settings=settings, happening=happening)
    _follow_run(session, run, job, actor=actor, happening=happening)
    words = f"Stop {job.sequence} added: loan {loan.id}"
    note(session, run.id, kind="job_added", words=words, actor=actor, happening=happening, job_id=job.id)
    return job


def _kind_for(loan: Loan) -> JobKind:
    kinds = {LoanState.ALLOCATED: JobKind.DELIVER, LoanState.RETURN_ARRANGED: JobKind.COLLECT}
    kind = kinds.get(loan.state)
    if kind is None:
        raise BadInput(
            "No stop was added.",
            fields={
                "loan_id": f"Loan {loan.id} is {loan.state.value.replace('_', ' ')}. A tablet is brought once it is "
                "allocated, and fetched once its return is arranged."
            },
        )
    return kind


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


def accept_run(session: Session, run_id: int, *, actor: Actor, happening: Happening) -> CourierRun:
    """The courier takes the run on: from here they see the addresses. Raises `NotFound` for a run of anybody else."""
    run = _own_run(session, run_id, actor)
    if run.state is RunState.ACCEPTED:
        return run
    move_run(session, run, RunMove.ACCEPT, actor=actor, happening=happening)
    for job in queries.jobs_locked(session, [run.id]):
        if job.state is JobState.OFFERED:
            move_job(session, job, JobMove.ACCEPT, actor=actor, now=happening.now)
    return run


def turn_down_run(session: Session, run_id: int, *, actor: Actor, happening: Happening) -> CourierRun:
    """The courier cannot do it after all; a coordinator sees it being planned again. Raises `NotFound`, `Conflict`."""
    run = _own_run(session, run_id, actor)
    jobs = queries.jobs_locked(session, [run.id])
    _refuse_while_on_board(run, jobs, 0)
    move_run(session, run, RunMove.TURN_DOWN, actor=actor, happening=happening)
    for job in jobs:
        if job.state in (JobState.OFFERED, JobState.ACCEPTED):
            move_job(session, job, JobMove.TURN_DOWN, actor=actor, now=happening.now)
    run.courier_id = run.organisation_id = None
    return run


def _own_run(session: Session, run_id: int, actor: Actor) -> CourierRun:
    run = queries.run_locked(session, run_id)
    if run is None or actor.user_id is None or run.courier_id != actor.user_id or run.state is RunState.PLANNED:
        raise NotFound("This is not a run of yours.", next_step="Ring the hub if you think it should be.")
    return run


def take_off(session: Session, job_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> DeliveryJob:
    """Take a stop off its run, so that the loan can go on another. Raises `MoveRefused` once its tablet is on board."""
    lock_run(session, get_job(session, job_id).run_id)
    job = get_job(session, job_id)
    session.refresh(job)
    if job.state is JobState.FAILED and job.kind is JobKind.DELIVER:
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
    """Take a stop off its run and put it at the end of another: a job of its own, so that each run's story stays."""
    job = take_off(session, job_id, actor=actor, settings=settings, happening=happening)
    told = replace(happening, client_id=None)
    return add_job(session, run_id, loan_id=job.loan_id, window=window, actor=actor, settings=settings, happening=told)


def finish_run(session: Session, run_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> CourierRun:
    """The run is over. What was not done is closed so, and a collection that failed is called off for now.

    Raises `Conflict` while a tablet of the run is on its way: it must be scanned in first.
    """
    run = lock_run(session, run_id)
    jobs = queries.jobs_locked(session, [run.id])
    _refuse_unreturned(session, jobs)
    for job in jobs:
        if job.state in (JobState.CLOSED, JobState.COLLECTED):
            continue
        _close(session, job, actor=actor, settings=settings, happening=happening)
    move_run(session, run, RunMove.FINISH, actor=actor, happening=happening)
    return run


def _refuse_unreturned(session: Session, jobs: Sequence[DeliveryJob]) -> None:
    still_out = [
        job
        for job in jobs
        if job.state in (JobState.LOADED, JobState.COLLECTED)
        or (job.state is JobState.FAILED and job.kind is JobKind.DELIVER)
    ]
    if still_out:
        codes = tags.codes_of(session, [job.tablet_id for job in still_out])
        listed = ", ".join(codes.get(job.tablet_id, f"stop {job.sequence}") for job in still_out)
        raise Conflict(
            f"Nothing was changed. The courier still has {listed}.",
            next_step="Scan each at the hub with “Back at the hub”, then finish the run.",
        )


def _close(session: Session, job: DeliveryJob, *, actor: Actor, settings: Settings, happening: Happening) -> None:
    failed, handed_over = job.state is JobState.FAILED, job.state is JobState.HANDED_OVER
    move_job(session, job, JobMove.FINISH, actor=actor, now=happening.now)
    job.ended = JobEnd.HANDED_OVER if handed_over else JobEnd.NOT_DONE
    loan = loans.get_loan(session, job.loan_id)
    if failed and job.kind is JobKind.COLLECT and loan.state is LoanState.RETURN_ARRANGED:
        why = FAIL_WORDS[job.fail_reason] if job.fail_reason else "The collection did not happen"
        called_off = replace(happening, reason=why, client_id=None)
        loans.cancel_return(session, loan.id, actor=actor, settings=settings, happening=called_off)


def say_how_it_was(session: Session, job_id: int, face: Face, *, actor: Actor, now: datetime) -> None:
    """Keep one of the three faces for a stop of the courier's own. Raises `NotFound`."""
    job = own_job(session, job_id, actor=actor)
    job.face, job.changed_at = face, now


def own_job(session: Session, job_id: int, *, actor: Actor) -> DeliveryJob:
    """A stop of the courier's own run. Raises `NotFound` for one that is not, in the same words as for none at all."""
    job = queries.job(session, job_id)
    run = queries.run(session, job.run_id) if job is not None else None
    if job is None or run is None or actor.user_id is None or run.courier_id != actor.user_id:
        raise NotFound("This is not a stop of yours.", next_step="Go back to today's run.")
    if run.state is RunState.PLANNED:
        raise NotFound("This is not a stop of yours.", next_step="Go back to today's run.")
    return job
