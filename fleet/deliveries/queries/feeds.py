"""Every read for couriers' calendar feeds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from fleet.deliveries.models import CourierFeed, CourierRun, RunEvent
from fleet.users.models import User


def feed(session: Session, user_id: int) -> CourierFeed | None:
    return session.scalar(select(CourierFeed).where(CourierFeed.user_id == user_id))


def feed_locked(session: Session, user_id: int) -> CourierFeed | None:
    query = select(CourierFeed).where(CourierFeed.user_id == user_id).with_for_update()
    return session.scalar(query.execution_options(populate_existing=True))


def feed_by_hash(session: Session, token_hash: str) -> CourierFeed | None:
    return session.scalar(select(CourierFeed).where(CourierFeed.token_hash == token_hash))


def user(session: Session, user_id: int) -> User | None:
    return session.get(User, user_id)


def runs_ever_of(session: Session, courier_id: int, *, first: date, last: date) -> Sequence[CourierRun]:
    """The runs of some days that are or were this courier's, though they may be another's today."""
    asked = select(RunEvent.run_id).where(RunEvent.kind == "offer", RunEvent.reason == f"courier {courier_id}")
    query = select(CourierRun).where(CourierRun.day >= first, CourierRun.day <= last, CourierRun.id.in_(asked))
    return session.scalars(query.order_by(CourierRun.day, CourierRun.id)).all()


def revisions(session: Session, run_ids: Collection[int]) -> dict[int, tuple[int, datetime]]:
    """run -> how many times it was changed, and when last. Its log is only ever added to, so the count grows."""
    counted = select(RunEvent.run_id, func.count(), func.max(RunEvent.id)).where(RunEvent.run_id.in_(run_ids))
    numbers = {run_id: (count, last) for run_id, count, last in session.execute(counted.group_by(RunEvent.run_id))}
    latest = select(RunEvent).where(RunEvent.id.in_([last for _, last in numbers.values()]))
    moments = {event.id: event.at for event in session.scalars(latest)}
    return {run_id: (count, moments[last]) for run_id, (count, last) in numbers.items()}
