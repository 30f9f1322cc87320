"""Handing a run on: who could do it, what happens to each stop, and the run that the other courier is asked to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import UNDER_WAY, JobKind, JobState, RunState
from fleet.deliveries.service.runs.giving import (
    assign_run,
    begun,
    beyond,
    couriers,
    create_run,
    organisation_of,
)
from fleet.deliveries.service.runs.order import Window
from fleet.deliveries.service.runs.stops import move_to_run
from fleet.deliveries.service.writer import lock_run
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.partners import service as partners
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.models import User


@dataclass(frozen=True)
class Fitting:
    """The couriers who could do a run as it stands, and why the others could not."""

    able: tuple[User, ...]
    others: tuple[tuple[User, str], ...]


def who_could(session: Session, run: CourierRun) -> Fitting:
    """By where their organisation goes and what it carries."""
    areas = queries.areas_of_run(session, run.id)
    jobs = sum(job.state in UNDER_WAY for job in queries.jobs_of(session, [run.id]))
    able, others = [], []
    for courier in couriers(session):
        problems = beyond(run.vehicle, areas, organisation_of(session, courier), jobs)
        if problems:
            others.append((courier, " ".join(problems)))
        else:
            able.append(courier)
    return Fitting(tuple(able), tuple(others))


def to_hand_on(job: DeliveryJob) -> bool:
    """Whether another courier could still do this stop. What failed with nothing on board may be tried by anybody."""
    failed_without_it = job.state is JobState.FAILED and job.kind in (JobKind.COLLECT, JobKind.HOME)
    return failed_without_it or job.state in (JobState.PLANNED, JobState.OFFERED, JobState.ACCEPTED)


def hand_on(
    session: Session, run_id: int, *, courier_id: int, actor: Actor, settings: Settings, happening: Happening
) -> CourierRun:
    """Ask another courier to do what is left of a run; the run they are asked to do.

    Of a run that has begun, what is left goes on a run of its own: what is done, and what is on board, stays with the
    courier who has it. Raises `NotFound`; `BadInput` for somebody who could not do it; `Conflict` when nothing is left.
    """
    run = lock_run(session, run_id)
    jobs = queries.jobs_locked(session, [run.id])
    if not any(begun(job) for job in jobs):
        return assign_run(session, run_id, courier_id=courier_id, actor=actor, happening=happening)
    left = [job for job in jobs if to_hand_on(job)]
    if run.state is RunState.DONE or not left:
        raise Conflict("Nothing was changed. No stop of this run is left to hand on.", next_step="Finish the run.")
    if courier_id == run.courier_id:
        raise BadInput("Nothing was changed.", fields={"courier_id": "They have this run. Choose another courier."})
    return _rest(session, run, left, courier_id=courier_id, actor=actor, settings=settings, happening=happening)


def _rest(
    session: Session,
    run: CourierRun,
    left: Sequence[DeliveryJob],
    *,
    courier_id: int,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> CourierRun:
    """A run of the same day for the other courier, with the stops that are left, in their order and at their times."""
    zone = ZoneInfo(partners.get_organisation(session, run.hub_id).time_zone)
    told = replace(happening, client_id=None)
    fresh = create_run(
        session,
        day=run.day,
        vehicle=run.vehicle,
        courier_id=courier_id,
        hub_id=run.hub_id,
        actor=actor,
        happening=happening,
    )
    for job in left:
        move_to_run(
            session,
            job.id,
            fresh.id,
            window=Window(job.window_from.astimezone(zone).time(), job.window_to.astimezone(zone).time()),
            actor=actor,
            settings=settings,
            happening=told,
        )
    return fresh
