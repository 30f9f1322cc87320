"""Claiming, leasing, finishing and finding jobs; each a single conditional statement, so duplicates are harmless."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from fleet.jobs.models import Job, JobState

RESEND_AFTER = timedelta(seconds=15)
"""A queued job whose nudge is older than this is nudged again: the message may have been lost."""


def job_by_key(session: Session, key: str) -> Job | None:
    return session.scalar(select(Job).where(Job.key == key))


def claim(session: Session, job_id: int, *, holder: str, now: datetime, lease: timedelta) -> Job | None:
    """Take a job that is due and free (or whose lease ran out); None when somebody else has it or it is over."""
    free = or_(Job.state == JobState.QUEUED, and_(Job.state == JobState.RUNNING, Job.lease_until < now))
    query = (
        update(Job)
        .where(Job.id == job_id, free, Job.run_after <= now)
        .values(state=JobState.RUNNING, lease_holder=holder, lease_until=now + lease, attempts=Job.attempts + 1)
        .returning(Job)
    )
    return session.scalars(query).first()


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
    session: Session, job_id: int, *, holder: str, state: JobState, now: datetime, error: str | None = None
) -> bool:
    """Write the end of a job that is still ours; False when it is not."""
    query = (
        update(Job)
        .where(Job.id == job_id, Job.lease_holder == holder, Job.state == JobState.RUNNING)
        .values(state=state, finished_at=now, lease_until=None, error=error)
        .returning(Job.id)
    )
    return session.scalar(query) is not None


def put_back(session: Session, job_id: int, *, holder: str, run_after: datetime, error: str | None) -> None:
    """Hand a job back to be tried at `run_after`."""
    session.execute(
        update(Job)
        .where(Job.id == job_id, Job.lease_holder == holder, Job.state == JobState.RUNNING)
        .values(
            state=JobState.QUEUED, run_after=run_after, sent_at=None, lease_holder=None, lease_until=None, error=error
        )
    )


def lost_jobs(session: Session, *, now: datetime, limit: int = 200) -> list[int]:
    """Jobs that nobody works on and that no fresh message stands for, marked as sent now. Due ones only."""
    waiting = and_(
        Job.state == JobState.QUEUED, Job.run_after <= now, or_(Job.sent_at.is_(None), Job.sent_at < now - RESEND_AFTER)
    )
    orphaned = and_(
        Job.state == JobState.RUNNING,
        Job.lease_until < now,
        or_(Job.sent_at.is_(None), Job.sent_at < now - RESEND_AFTER),
    )
    due = select(Job.id).where(or_(waiting, orphaned)).order_by(Job.run_after, Job.id).limit(limit)
    ids = list(session.scalars(due.with_for_update(skip_locked=True)))
    if ids:
        session.execute(update(Job).where(Job.id.in_(ids)).values(sent_at=now))
    return ids


def mark_sent(session: Session, job_ids: list[int], at: datetime) -> None:
    session.execute(update(Job).where(Job.id.in_(job_ids)).values(sent_at=at))


def forget_finished(session: Session, *, before: datetime) -> None:
    """Delete jobs that ended well before `before`; failures stay until somebody has looked."""
    session.execute(delete(Job).where(Job.state.in_([JobState.DONE, JobState.CANCELLED]), Job.finished_at < before))


def failed_jobs(session: Session, limit: int = 50) -> list[Job]:
    query = select(Job).where(Job.state == JobState.FAILED).order_by(Job.finished_at.desc()).limit(limit)
    return list(session.scalars(query))
