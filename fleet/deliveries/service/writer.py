"""The one writer of a run's and a job's state, and the runs' own log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.models import CourierRun, DeliveryJob, RunEvent
from fleet.deliveries.rules import (
    JOB_BY_MOVE,
    RUN_BY_MOVE,
    JobKind,
    JobMove,
    JobState,
    RunMove,
    RunState,
    job_refusals,
    run_refusals,
)
from fleet.errors import Conflict, MoveRefused, there
from fleet.happening import Happening
from fleet.users.actor import Actor
from fleet.webhooks import service as webhooks
from fleet.webhooks.rules import Subject


def get_run(session: Session, run_id: int) -> CourierRun:
    """Raises `NotFound`."""
    return _known(queries.run(session, run_id), run_id)


def lock_run(session: Session, run_id: int) -> CourierRun:
    """The run, locked before its jobs, and those before any tablet or loan. Raises `NotFound`."""
    return _known(queries.run_locked(session, run_id), run_id)


def lock_open_run(session: Session, run_id: int) -> CourierRun:
    """`lock_run`, for a run that takes stops. Raises `NotFound`, `Conflict` once it is finished."""
    run = lock_run(session, run_id)
    if run.state is RunState.DONE:
        raise Conflict(f"Nothing was changed. Run {run.id} is finished.", next_step="Make another run.")
    return run


def _known(found: CourierRun | None, run_id: int) -> CourierRun:
    return there(found, f"There is no run number {run_id}.", next_step="Look for it in the list of runs.")


def get_job(session: Session, job_id: int) -> DeliveryJob:
    """Raises `NotFound`."""
    return there(
        queries.job(session, job_id), f"There is no stop number {job_id}.", next_step="Look for it on its run."
    )


def move_run(session: Session, run: CourierRun, name: RunMove, *, actor: Actor, happening: Happening) -> None:
    """Make one move of a run's table: the only place where its state changes. Raises `MoveRefused`."""
    row = RUN_BY_MOVE[name]
    _refuse(f"Run {run.id}", row.words, run_refusals(name, run.state, actor.roles))
    run.state = row.target
    run.changed_at = happening.now
    if row.target is RunState.ACCEPTED:
        run.accepted_at = happening.now
    if row.target is RunState.DONE:
        run.done_at = happening.now
    note(session, run.id, kind=name.value, words=row.words, actor=actor, happening=happening)


def move_job(session: Session, job: DeliveryJob, name: JobMove, *, actor: Actor, now: datetime) -> None:
    """Make one move of a job's table: the only place where its state changes. Raises `MoveRefused`."""
    row = JOB_BY_MOVE[name]
    _refuse(f"Stop {job.sequence}", row.words, job_refusals(name, job.state, actor.roles))
    job.state = row.target
    job.changed_at = now
    job.ended = row.end
    job.closed_at = now if row.target is JobState.CLOSED else None


def _refuse(what: str, words: str, reasons: tuple[str, ...]) -> None:
    if reasons:
        raise MoveRefused(
            f"Nothing was changed. {what} was not moved to “{words.lower()}”.",
            reasons=reasons,
            next_step="Reload the page to see how it stands, then decide again.",
        )


def note(
    session: Session,
    run_id: int,
    *,
    kind: str,
    words: str,
    actor: Actor,
    happening: Happening,
    job_id: int | None = None,
    reason: str = "",
) -> None:
    """Add to a run's log."""
    event = RunEvent(
        run_id=run_id,
        job_id=job_id,
        kind=kind,
        words=words,
        reason=reason or happening.reason.strip(),
        at=happening.now,
        source=happening.source,
        **actor.signature(),
    )
    session.add(event)
    session.flush()
    webhooks.tell(session, Subject.RUN, event, {"run_id": run_id, "job_id": job_id})


@dataclass(frozen=True)
class Expected:
    """The tablet that belongs to a stop, and at a swap the one that goes out."""

    tablet_id: int
    brings_id: int | None


_NOT_BEGUN = (JobState.PLANNED, JobState.OFFERED, JobState.ACCEPTED)


def expected_tablets(session: Session, jobs: Sequence[DeliveryJob]) -> dict[int, Expected]:
    """job -> its tablets, until it is begun as its loan has them: the one it has, and at a swap the one that is kept
    for it. The one that comes back from a swap is never another than when the stop was planned."""
    asked = [job.loan_id for job in jobs if job.state in _NOT_BEGUN and job.loan_id is not None]
    of_loan = queries.tablets_of_loans(session, asked) if asked else {}
    expected = {}
    for job in jobs:
        not_begun = job.loan_id is not None and job.state in _NOT_BEGUN
        has, swaps = of_loan.get(job.of_loan, (None, None)) if not_begun else (None, None)
        if job.kind is JobKind.SWAP:
            expected[job.id] = Expected(job.tablet_id, swaps or job.brings_id)
        else:
            expected[job.id] = Expected(has or job.tablet_id, job.brings_id)
    return expected


def expected_tablet(session: Session, job: DeliveryJob) -> int:
    """The tablet that belongs to this stop, as `expected_tablets` says."""
    return expected_tablets(session, [job])[job.id].tablet_id


def expected_to_bring(session: Session, job: DeliveryJob) -> int | None:
    """The tablet that goes out to a swap, as `expected_tablets` says. None for any other stop."""
    return expected_tablets(session, [job])[job.id].brings_id
