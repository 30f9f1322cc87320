"""Working in the one database role that may use the tables kept apart (apart.py). An import contract says who may."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from fleet.database.apart import EQUALITY, LENDING


@contextmanager
def as_equality(session: Session) -> Iterator[None]:
    """Within the block the session may use the tables kept apart, and no others. It flushes on the way in."""
    session.flush()
    connection = session.connection()
    before = connection.scalar(text("SELECT current_role")) if connection.dialect.name == "postgresql" else None
    if before != LENDING:
        yield
        return
    connection.execute(text(f"SET LOCAL ROLE {EQUALITY}"))
    yield
    session.flush()
    connection.execute(text(f"SET LOCAL ROLE {LENDING}"))
