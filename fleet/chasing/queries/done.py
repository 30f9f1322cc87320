"""Reads of what was done on one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from fleet.chasing.models import Chase
from fleet.chasing.rules import ChaseState


@dataclass(frozen=True)
class OnDay:
    """Which entries belong to a day: messages by the day they went on, all others by when they were made."""

    day: date
    starts: datetime
    ends: datetime
    left_out: tuple[ChaseState, ...]

    def holds(self) -> ColumnElement[bool]:
        made = and_(Chase.message_day.is_(None), Chase.created_at >= self.starts, Chase.created_at < self.ends)
        return and_(or_(Chase.message_day == self.day, made), Chase.state.not_in(self.left_out))


def done_on(session: Session, asked: OnDay, *, first: int, limit: int) -> Sequence[Chase]:
    """The longest overdue first."""
    query = select(Chase).where(asked.holds()).order_by(Chase.due_on, Chase.id).offset(first).limit(limit)
    return session.scalars(query).all()


def count_done(session: Session, asked: OnDay) -> int:
    return session.scalar(select(func.count()).select_from(Chase).where(asked.holds())) or 0
