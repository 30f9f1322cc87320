"""Making a run, and giving it to a courier: who may carry it, and where they go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.clock import local_date
from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import (
    BRINGS,
    UNDER_WAY,
    JobEnd,
    JobMove,
    JobState,
    RunMove,
    RunState,
    Vehicle,
    capacity_of,
    coverage_problem,
    room_problem,
)
from fleet.deliveries.service.writer import lock_run, move_job, move_run, note
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.partners.models import Organisation
from fleet.users.actor import Actor
from fleet.users.models import User

LONGEST_AHEAD = timedelta(days=180)


def create_run(
    session: Session,
    *,
    day: date,
    vehicle: Vehicle,
    actor: Actor,
    happening: Happening,
    courier_id: int | None = None,
    hub_id: int | None = None,
) -> CourierRun:
    """Begin a run for a day, from the hub of whoever plans it unless `hub_id` names another; with a courier it is
    offered to them at once. Raises `BadInput`."""
    hub = partners.hub_of(session, actor) if hub_id is None else partners.get_organisation(session, hub_id)
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
    """Offer a run to a courier, or hand it to another one before anything of it was done.

    Raises `NotFound`, `BadInput` for somebody who is no courier, whose organisation does not cover an area, or whose
    vehicle carries less; `Conflict` once it has begun with another courier: what is done there is not for the next
    one's eyes. `hand_on` hands on the rest of it.
    """
    run = lock_run(session, run_id)
    courier = _courier(session, courier_id)
    organisation = organisation_of(session, courier)
    every = queries.jobs_locked(session, [run.id])
    refuse_while_on_board(run, every, courier_id)
    _refuse_begun(run, every, courier_id)
    jobs = [job for job in every if job.state in UNDER_WAY]
    problems = beyond(run.vehicle, queries.areas_of_run(session, run.id), organisation, len(jobs))
    if problems:
        raise BadInput("The run was not given to anybody.", fields={"courier_id": " ".join(problems)})
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


def organisation_of(session: Session, courier: User) -> Organisation | None:
    if courier.organisation_id is None:
        return None
    return partners.get_organisation(session, courier.organisation_id)


def on_board(job: DeliveryJob) -> bool:
    """Whether the courier has the tablet of this stop."""
    failed_delivery = job.state is JobState.FAILED and job.kind in BRINGS
    return failed_delivery or job.state in (JobState.LOADED, JobState.COLLECTED, JobState.SWAPPED)


def carried_tablet(job: DeliveryJob) -> int:
    """Which tablet of a stop the courier carries: on the way to a swap the one that goes out, from there the other."""
    way_out = job.brings_id is not None and job.state in UNDER_WAY
    return job.brings_id if way_out and job.brings_id is not None else job.tablet_id


def begun(job: DeliveryJob) -> bool:
    """Whether a courier did anything with this stop. One that was taken off is no stop any more."""
    untouched = (JobState.PLANNED, JobState.OFFERED, JobState.ACCEPTED)
    return job.state not in untouched and job.ended is not JobEnd.TAKEN_OFF


def refuse_while_on_board(run: CourierRun, jobs: Collection[DeliveryJob], courier_id: int) -> None:
    carried = [job for job in jobs if on_board(job)]
    if carried and run.courier_id != courier_id:
        raise Conflict(
            f"Nothing was changed. The courier of run {run.id} has {len(carried)} of its tablets.",
            next_step="Scan them back at the hub first, or hand on only what is left of the run.",
        )


def _refuse_begun(run: CourierRun, jobs: Collection[DeliveryJob], courier_id: int) -> None:
    if run.courier_id != courier_id and any(begun(job) for job in jobs):
        raise Conflict(
            f"Nothing was changed. Run {run.id} has begun.",
            next_step="Hand on what is left of it: that becomes a run of its own.",
        )


def beyond(vehicle: Vehicle, areas: Collection[str], organisation: Organisation | None, jobs: int) -> tuple[str, ...]:
    """Why somebody of this organisation cannot do so many jobs in these areas; empty when they can."""
    capacity = capacity_of(vehicle, organisation.vehicle_capacity if organisation else None)
    problems = (
        coverage_problem(areas, organisation.covers if organisation else ()),
        room_problem(jobs - 1, capacity) if jobs else None,
    )
    return tuple(problem for problem in problems if problem)
