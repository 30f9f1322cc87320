"""What a courier does with a run and the stops of their own: take it on, turn it down, say how it was."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import (
    JobMove,
    JobState,
    RunMove,
    RunState,
)
from fleet.deliveries.service.runs.giving import refuse_while_on_board
from fleet.deliveries.service.writer import move_job, move_run
from fleet.errors import NotFound
from fleet.happening import Happening
from fleet.users.actor import Actor


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
    refuse_while_on_board(run, jobs, 0)
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


def own_job(session: Session, job_id: int, *, actor: Actor) -> DeliveryJob:
    """A stop of the courier's own run. Raises `NotFound` for one that is not, in the same words as for none at all."""
    job = queries.job(session, job_id)
    run = queries.run(session, job.run_id) if job is not None else None
    if job is None or run is None or actor.user_id is None or run.courier_id != actor.user_id:
        raise NotFound("This is not a stop of yours.", next_step="Go back to today's run.")
    if run.state is RunState.PLANNED:
        raise NotFound("This is not a stop of yours.", next_step="Go back to today's run.")
    return job
