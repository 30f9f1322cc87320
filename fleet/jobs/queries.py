"""Claiming, leasing, finishing and finding jobs; each a single conditional statement, so duplicates are harmless."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, delete, or_, select, true, update
from sqlalchemy.orm import Session

from fleet.jobs.models import Job, Lane
from fleet.jobs.rules import BY_MOVE, MAX_ATTEMPTS, WORKER_DIED, JobMove, JobState

RESEND_AFTER = timedelta(seconds=15)
"""A queued job whose nudge is older than this is nudged again: the message may have been lost."""


def job_by_key(session: Session, key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.key == key))


def claim(session: Session, job_id: int, *, holder: str, now: datetime, lease: timedelta, lane: str = "") -> Job | None:
    """Take a job that is due and free (or whose lease ran out); None when somebody else has it or it is over.

    `lane` is whose worker asks: that of a lane takes its own jobs only, anybody else's none of a lane that is taken.
    """
    due = _make(JobMove.CLAIM, Job.id == job_id, Job.run_after <= now, _for_worker_of(lane, now))
    orphaned = _make(
        JobMove.TAKE_OVER,
        Job.id == job_id,
        Job.lease_until < now,
        Job.attempts < MAX_ATTEMPTS,
        _for_worker_of(lane, now),
    )
    for statement in (due, orphaned):
        taken = statement.values(lease_holder=holder, lease_until=now + lease, attempts=Job.attempts + 1)
        job = session.scalars(taken.returning(Job)).first()
        if job is not None:
            return job
    return None


def _make(move: JobMove, *asked: ColumnElement[bool]) -> Update:
    """The one statement that writes a job's state: it asks the table of the machine, and the database decides."""
    row = BY_MOVE[move]
    return update(Job).where(Job.state.in_(row.sources), *asked).values(state=row.target)


def _held(job_id: int, holder: str) -> tuple[ColumnElement[bool], ...]:
    return Job.id == job_id, Job.lease_holder == holder


def _for_worker_of(lane: str, now: datetime) -> ColumnElement[bool]:
    if lane:
        return Job.lane == lane
    taken = select(Lane.name).where(or_(Lane.reserved, Lane.alive_until > now))
    return or_(Job.lane == "", Job.lane.not_in(taken))


def lane_is_taken(session: Session, name: str, now: datetime) -> bool:
    """Whether a lane has a worker of its own, or waits for one."""
    lane = session.get(Lane, name)
    return lane is not None and (lane.reserved or (lane.alive_until is not None and lane.alive_until > now))


def lane(session: Session, name: str) -> Lane | None:
    return session.get(Lane, name)


def renew(session: Session, job_id: int, *, holder: str, until: datetime) -> bool:
    """Keep a lease alive; False when the job is no longer ours."""
    query = (
        update(Job)
        .where(Job.id == job_id, Job.lease_holder == holder, Job.state == JobState.RUNNING)
        .values(lease_until=until)
        .returning(Job.id)
    )
    return session.scalar(query) is not None


def finish(
    session: Session, job_id: int, *, holder: str, move: JobMove, now: datetime, error: str | None = None
) -> bool:
    """Write the end of a job that is still ours; False when it is not."""
    ended = _make(move, *_held(job_id, holder)).values(finished_at=now, lease_until=None, error=error)
    return session.scalar(ended.returning(Job.id)) is not None


def put_back(
    session: Session, job_id: int, *, holder: str, move: JobMove, run_after: datetime, error: str | None
) -> None:
    """Hand a job back to be tried at `run_after`. One that is only put down gets its attempt back."""
    uncounted = 1 if move is JobMove.PUT_DOWN else 0
    session.execute(
        _make(move, *_held(job_id, holder)).values(
            run_after=run_after,
            sent_at=None,
            lease_holder=None,
            lease_until=None,
            error=error,
            attempts=Job.attempts - uncounted,
        )
    )


def lose_jobs(session: Session, *, now: datetime) -> list[int]:
    """Give up what killed its worker every time; which jobs those were."""
    given_up = _make(JobMove.LOSE, Job.lease_until < now, Job.attempts >= MAX_ATTEMPTS)
    ended = given_up.values(finished_at=now, lease_until=None, error=WORKER_DIED)
    return list(session.scalars(ended.returning(Job.id)))


def ask_again(session: Session, key: str, *, now: datetime) -> bool:
    """Put a job that was given up back into the queue; False when there is none. The sweep nudges it."""
    asked = _make(JobMove.ASK_AGAIN, Job.key == key).values(
        run_after=now, sent_at=None, lease_holder=None, attempts=0, finished_at=None, error=None
    )
    return session.scalar(asked.returning(Job.id)) is not None


def lost_jobs(session: Session, *, now: datetime, limit: int = 200, lane: str | None = None) -> list[tuple[int, str]]:
    """Jobs that nobody works on and that no fresh message stands for, marked as sent now: (id, lane). Due ones only.

    `lane` leaves out all but its own.
    """
    waiting = and_(
        Job.state == JobState.QUEUED, Job.run_after <= now, or_(Job.sent_at.is_(None), Job.sent_at < now - RESEND_AFTER)
    )
    orphaned = and_(
        Job.state == JobState.RUNNING,
        Job.lease_until < now,
        or_(Job.sent_at.is_(None), Job.sent_at < now - RESEND_AFTER),
    )
    asked = true() if lane is None else Job.lane == lane
    due = select(Job.id, Job.lane).where(or_(waiting, orphaned), asked).order_by(Job.run_after, Job.id).limit(limit)
    found = [(job_id, its_lane) for job_id, its_lane in session.execute(due.with_for_update(skip_locked=True))]
    if found:
        session.execute(update(Job).where(Job.id.in_([job_id for job_id, _ in found])).values(sent_at=now))
    return found


def mark_sent(session: Session, job_ids: list[int], at: datetime) -> None:
    session.execute(update(Job).where(Job.id.in_(job_ids)).values(sent_at=at))


def forget_finished(session: Session, *, before: datetime) -> None:
    """Delete jobs that ended well before `before`; failures stay until somebody has looked."""
    session.execute(delete(Job).where(Job.state.in_([JobState.DONE, JobState.CANCELLED]), Job.finished_at < before))


def failed_jobs(session: Session, limit: int = 50) -> list[Job]:
    query = select(Job).where(Job.state == JobState.FAILED).order_by(Job.finished_at.desc()).limit(limit)
    return list(session.scalars(query))
