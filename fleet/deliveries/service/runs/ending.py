"""How a run ends: what was not done is closed with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import (
    JobEnd,
    JobKind,
    JobMove,
    JobState,
    RunMove,
)
from fleet.deliveries.service.runs.giving import carried_tablet, on_board
from fleet.deliveries.service.writer import lock_run, move_job, move_run
from fleet.deliveries.words import FAIL_WORDS
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.rules import Custody, Stage
from fleet.tags import service as tags
from fleet.users.actor import SYSTEM, Actor


def finish_run(session: Session, run_id: int, *, actor: Actor, settings: Settings, happening: Happening) -> CourierRun:
    """The run is over. What was not done is closed so, and a collection that failed is called off for now.

    Raises `Conflict` while a tablet of the run is on its way: it must be scanned in first.
    """
    run = lock_run(session, run_id)
    jobs = queries.jobs_locked(session, [run.id])
    _refuse_unreturned(session, jobs)
    for job in jobs:
        if job.state in (JobState.CLOSED, JobState.DROPPED):
            continue
        _close(session, job, actor=actor, settings=settings, happening=happening)
    move_run(session, run, RunMove.FINISH, actor=actor, happening=happening)
    return run


def _refuse_unreturned(session: Session, jobs: Sequence[DeliveryJob]) -> None:
    still_out = [job for job in jobs if on_board(job) and not hub_has_it(session, job)]
    if still_out:
        carried = {job.id: carried_tablet(job) for job in still_out}
        codes = tags.codes_of(session, list(carried.values()))
        listed = ", ".join(codes.get(carried[job.id], f"stop {job.sequence}") for job in still_out)
        raise Conflict(
            f"Nothing was changed. The courier still has {listed}.",
            next_step="Scan each at the hub with “Back at the hub”, then finish the run.",
        )


def hub_has_it(session: Session, job: DeliveryJob) -> bool:
    """Whether a hub has the tablet by a scan of its own, which its courier's phone does not know of."""
    return tablets.get_tablet(session, carried_tablet(job)).custody is not Custody.COURIER


def close_as_back(session: Session, job: DeliveryJob, *, now: datetime) -> None:
    """A hub has what was on board for this stop: it ended at the door, or with the tablet back at the hub."""
    at_the_door = job.ended
    move_job(session, job, JobMove.BACK, actor=SYSTEM, now=now)
    if at_the_door is not None:
        job.ended = at_the_door
    elif job.kind is JobKind.HOME and tablets.get_tablet(session, job.tablet_id).stage is not Stage.IN_TRANSIT_BACK:
        job.ended = JobEnd.BROUGHT_HOME


def _close(session: Session, job: DeliveryJob, *, actor: Actor, settings: Settings, happening: Happening) -> None:
    if on_board(job):
        close_as_back(session, job, now=happening.now)
        return
    failed, handed_over = job.state is JobState.FAILED, job.state is JobState.HANDED_OVER
    move_job(session, job, JobMove.FINISH, actor=actor, now=happening.now)
    job.ended = JobEnd.HANDED_OVER if handed_over else JobEnd.NOT_DONE
    if not failed or job.kind is not JobKind.COLLECT:
        return
    loan = loans.get_loan(session, job.of_loan)
    if loan.state is LoanState.RETURN_ARRANGED:
        why = FAIL_WORDS[job.fail_reason] if job.fail_reason else "The collection did not happen"
        called_off = replace(happening, reason=why, client_id=None)
        loans.cancel_return(session, loan.id, actor=actor, settings=settings, happening=called_off)
