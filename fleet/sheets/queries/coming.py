"""Long files on their way in; each move is one conditional statement, so that two can never both be made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from fleet.sheets.models import FileComing
from fleet.sheets.rules.coming import BY_COMING_MOVE, OPEN, UNDER_WAY, ComingMove, Progress


def file_coming(session: Session, file_id: int) -> FileComing | None:
    return session.get(FileComing, file_id)


def make(session: Session, file_id: int, move: ComingMove, **values: Any) -> bool:
    """Make one move of the table, unless the file stands elsewhere by then: the database decides."""
    row = BY_COMING_MOVE[move]
    moved = update(FileComing).where(FileComing.id == file_id, FileComing.state.in_(row.sources))
    made = moved.values(state=row.target, **values).returning(FileComing.id)
    return session.scalar(made, execution_options={"synchronize_session": False}) is not None


def is_under_way(session: Session, file_id: int) -> bool:
    state = session.scalar(select(FileComing.state).where(FileComing.id == file_id))
    return state in UNDER_WAY


def tell(session: Session, file_id: int, progress: Progress) -> None:
    told = update(FileComing).where(FileComing.id == file_id)
    session.execute(told.values(done=progress.done, doing=progress.doing))


def told(session: Session, file_id: int) -> Progress:
    query = select(FileComing.done, FileComing.rows, FileComing.doing).where(FileComing.id == file_id)
    row = session.execute(query).first()
    return Progress(*row) if row is not None else Progress()


def of_user(session: Session, user_id: int, *, since: datetime, limit: int = 20) -> Sequence[FileComing]:
    """What somebody sent of late, the latest first."""
    query = select(FileComing).where(FileComing.user_id == user_id, FileComing.at >= since)
    return session.scalars(query.order_by(FileComing.at.desc(), FileComing.id.desc()).limit(limit)).all()


def empty_all(session: Session, *, why: str, now: datetime) -> None:
    """Stop whatever has not ended, and keep nothing of what any file held."""
    stopped = update(FileComing).where(FileComing.state.in_(OPEN))
    session.execute(stopped.values(state=BY_COMING_MOVE[ComingMove.STOP].target, why=why, ended_at=now))
    session.execute(update(FileComing).values(content=None, found=None))


def empty(session: Session, file_id: int) -> None:
    """Keep nothing of what was found in it."""
    session.execute(update(FileComing).where(FileComing.id == file_id).values(content=None, found=None))
