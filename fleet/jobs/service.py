"""Asking for work, and doing it: enqueue in the caller's transaction, nudge after commit, claim, run, finish.

Read before touching: a message must never leave before the commit, and must never be needed. `after_commit` also fires
when a savepoint is released, and `after_soft_rollback` when one is rolled back, so both look at the nesting
(docs/decisions/0005). A process that dies between commit and nudge loses nothing: the sweep finds the row.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from fleet.clock import Clock
from fleet.database.session import Database
from fleet.jobs import queries
from fleet.jobs.models import Job, Lane
from fleet.jobs.rules import BY_MOVE, MAX_ATTEMPTS, JobMove, JobState, reason_for
from fleet.logs import get_logger

log = get_logger(__name__)

Nudge = Callable[[int], None]
"""Tells some worker that the job with this id is waiting. May fail silently; never raises."""


@runtime_checkable
class NudgesLanes(Protocol):
    """A nudge that can also tell the workers of one lane and nobody else."""

    def to(self, lane: str) -> Nudge: ...


@dataclass(frozen=True)
class JobContext:
    """What a handler gets: the database, the time, its arguments, and whether somebody asked it to stop."""

    database: Database
    clock: Clock
    job_id: int
    args: Mapping[str, Any]
    holder: str
    nudge: Nudge
    lease_lost: threading.Event

    def should_stop(self) -> bool:
        """True once the job was cancelled or another worker took it over."""
        if self.lease_lost.is_set():
            return True
        with self.database.read() as session:
            job = session.get(Job, self.job_id)
            return job is None or job.cancel_requested

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A write transaction whose new jobs are nudged once it has committed."""
        with self.database.write() as session:
            session.info["nudge"] = self.nudge
            yield session


@dataclass(frozen=True)
class TryAgain(Exception):
    """Raised by a handler that cannot go on yet. `why` stands in the row: say there what `reason_for` would."""

    after: timedelta
    why: str


class JobFailed(Exception):
    """A handler's error as the log may have it: with its traceback, without the words of a library or a database."""


Handler = Callable[[JobContext], None]


def enqueue(
    session: Session,
    kind: str,
    *,
    key: str,
    now: datetime,
    args: Mapping[str, Any] | None = None,
    after: timedelta | None = None,
    lane: str = "",
) -> Job:
    """Ask for a job in the caller's transaction. The same key twice gives the same job.

    `lane` names whose work it is, where workers of its own may take it (`fleet.jobs.models.Lane`).
    """
    existing = queries.job_by_key(session, key)
    if existing is not None:
        return existing
    run_after = now + (after or timedelta())
    job = Job(kind=kind, key=key, lane=lane, args=dict(args or {}), run_after=run_after, created_at=now)
    session.add(job)
    session.flush()
    if after is None:
        told = lane if lane and queries.lane_is_taken(session, lane, now) else ""
        _nudge_after_commit(session, job.id, told)
    return job


def is_under_way(session: Session, key: str) -> bool:
    """Whether the job of this key is still to be done, or being done."""
    job = queries.job_by_key(session, key)
    return job is not None and job.state in (JobState.QUEUED, JobState.RUNNING)


def why_given_up(session: Session, key: str) -> str:
    """What the row of a job says that was given up; empty for one that was not, and where there is none."""
    job = queries.job_by_key(session, key)
    return (job.error or "") if job is not None and job.state is JobState.FAILED else ""


def reserve_lane(session: Session, name: str, *, reserved: bool) -> None:
    """Say whether only a worker of its own may take this lane's jobs, even while none is alive."""
    _lane(session, name).reserved = reserved
    session.flush()


def lane_is_alive(session: Session, name: str, *, worker: str, until: datetime) -> None:
    """A worker of this lane says that it is there, and will have said so again before `until`."""
    lane = _lane(session, name)
    lane.worker, lane.alive_until = worker[:80], until
    session.flush()


def lane_has_ended(session: Session, name: str, *, worker: str) -> None:
    """That worker stops: others may take the lane's jobs at once, unless it is reserved or has another worker."""
    lane = _lane(session, name)
    if lane.worker == worker[:80]:
        lane.worker, lane.alive_until = "", None
    session.flush()


def worker_of_lane(session: Session, name: str, *, now: datetime) -> str:
    """Who works on this lane alone at present; empty when nobody does."""
    lane = queries.lane(session, name)
    return lane.worker if lane is not None and lane.alive_until is not None and lane.alive_until > now else ""


def _lane(session: Session, name: str) -> Lane:
    lane = queries.lane(session, name)
    if lane is None:
        lane = Lane(name=name, reserved=False, worker="")
        session.add(lane)
    return lane


def ask_again(session: Session, key: str, *, now: datetime) -> bool:
    """Ask once more for a job that was given up, with all its attempts; False when there is none under this key.

    For a person's press and not for the clock: what asks by itself would undo the giving up.
    """
    return queries.ask_again(session, key, now=now)


def run_job(
    job_id: int,
    *,
    database: Database,
    clock: Clock,
    handlers: Mapping[str, Handler],
    holder: str,
    lease: timedelta,
    nudge: Nudge,
    lane: str = "",
) -> JobState | None:
    """Claim a job and do it. None when it was not ours to do. The lease is renewed from a thread while it runs.

    `lane` is the one this worker was started for; empty for a worker that does everybody's work.
    """
    with database.write() as session:
        job = queries.claim(session, job_id, holder=holder, now=clock(), lease=lease, lane=lane)
    if job is None:
        return None
    lost = threading.Event()
    context = JobContext(database, clock, job.id, job.args, holder, nudge, lost)
    with _lease_kept(database, clock, job.id, holder, lease, lost):
        return _perform(context, job, handlers.get(job.kind))


def _perform(context: JobContext, job: Job, handler: Handler | None) -> JobState:
    if handler is None:
        return _end(context, JobMove.GIVE_UP, f"No handler is known for {job.kind}.")
    try:
        if context.should_stop():
            return _end(context, JobMove.STOP, None)
        handler(context)
    except TryAgain as later:
        return _again(context, JobMove.PUT_DOWN, later.after, later.why)
    except Exception as error:  # noqa: BLE001 - recorded, and raised again without a library's words
        why = reason_for(error)
        log.warning("job_failed", job=job.id, kind=job.kind, attempt=job.attempts, error=type(error).__name__)
        if job.attempts < MAX_ATTEMPTS:
            _again(context, JobMove.TRY_AGAIN, timedelta(seconds=2**job.attempts), why)
        else:
            _end(context, JobMove.GIVE_UP, why)
        raise JobFailed(why).with_traceback(error.__traceback__) from None
    return _end(context, JobMove.FINISH, None)


def _end(context: JobContext, move: JobMove, error: str | None) -> JobState:
    with context.database.write() as session:
        queries.finish(session, context.job_id, holder=context.holder, move=move, now=context.clock(), error=error)
    return BY_MOVE[move].target


def _again(context: JobContext, move: JobMove, after: timedelta, why: str) -> JobState:
    run_after = context.clock() + after
    with context.database.write() as session:
        queries.put_back(session, context.job_id, holder=context.holder, move=move, run_after=run_after, error=why)
    return BY_MOVE[move].target


@contextmanager
def _lease_kept(
    database: Database, clock: Clock, job_id: int, holder: str, lease: timedelta, lost: threading.Event
) -> Iterator[None]:
    done = threading.Event()

    def keep() -> None:
        while not done.wait(lease.total_seconds() / 3):
            try:
                with database.write() as session:
                    ours = queries.renew(session, job_id, holder=holder, until=clock() + lease)
            except (
                SQLAlchemyError
            ) as error:  # asked again at the next turn; whoever takes it over meanwhile is seen then
                log.warning("lease_not_renewed", job=job_id, error=type(error).__name__)
                continue
            if not ours:
                lost.set()
                return

    thread = threading.Thread(target=keep, name=f"lease-{job_id}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def sweep(database: Database, *, now: datetime, nudge: Nudge, lane: str | None = None) -> int:
    """Nudge what was lost, of one lane or of all; how many. Harmless at any time, from any number of processes."""
    with database.write() as session:
        given_up = queries.lose_jobs(session, now=now)
        lost = queries.lost_jobs(session, now=now, lane=lane)
        taken = {name for name in {name for _, name in lost} if name and queries.lane_is_taken(session, name, now)}
        queries.forget_finished(session, before=now - timedelta(days=7))
    for job_id in given_up:
        log.warning("job_given_up", job=job_id)
    for job_id, name in lost:
        _told_through(nudge, name if name in taken else "")(job_id)
    return len(lost)


def _told_through(nudge: Nudge, lane: str) -> Nudge:
    told: object = nudge
    return told.to(lane) if lane and isinstance(told, NudgesLanes) else nudge


def _nudge_after_commit(session: Session, job_id: int, lane: str) -> None:
    session.info.setdefault("jobs_to_nudge", []).append((job_id, lane))
    if not session.info.get("jobs_listening"):
        session.info["jobs_listening"] = True
        event.listen(session, "after_commit", _send_nudges)
        event.listen(session, "after_soft_rollback", _forget_nudges)


def _send_nudges(session: Session) -> None:
    if session.in_nested_transaction():
        return
    waiting = session.info.pop("jobs_to_nudge", [])
    nudge: Nudge | None = session.info.get("nudge")
    if nudge is not None:
        for job_id, lane in waiting:
            _told_through(nudge, lane)(job_id)


def _forget_nudges(session: Session, previous: SessionTransaction) -> None:
    if not previous.nested:
        session.info.pop("jobs_to_nudge", None)
