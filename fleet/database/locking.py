"""Rows that are locked for a change: the database is asked for each once a transaction, and then it is at hand.

Nobody else can change what is locked, so there is nothing to be read again: rooms ask for the same lock one after the
other, and only the first of them waits for the database. What a rolled-back savepoint had locked is free again.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import Session, SessionTransaction

from fleet.database.base import Base

Row = TypeVar("Row", bound=Base)
_Held = dict[tuple[type[Base], Any], tuple[Base, SessionTransaction]]
_KEY = "doorstep_locked"


def locked(session: Session, model: type[Row], row_id: int) -> Row | None:
    """The row as it stands, locked until the transaction ends (on SQLite the whole database is); None without one."""
    known = _at_hand(session, model, row_id)
    if known is not None:
        return known
    row: Row | None = session.scalar(_statement(model), {"row_id": row_id})
    if row is not None:
        _keep(session, row)
    return row


def count_as_locked(session: Session, *rows: Base | None) -> None:
    """Of rows that this writer has just read afresh: on SQLite a writer is alone, so they are locked by that."""
    if writes_alone(session):
        keep_locked(session, *rows)


def keep_locked(session: Session, *rows: Base | None) -> None:
    """Of rows that a statement of this transaction locked without reading them, and that were read afresh since."""
    for row in rows:
        if row is not None:
            _keep(session, row)


def all_locked(session: Session, *rows: Base | None) -> bool:
    """Whether this transaction has locked each of these, and no savepoint has freed one since."""
    return all(row is None or _at_hand(session, type(row), _number(row)) is not None for row in rows)


def is_locked(session: Session, model: type[Base], row_id: int) -> bool:
    """Whether this transaction has locked that row, and no savepoint has freed it since."""
    return _at_hand(session, model, row_id) is not None


def writes_alone(session: Session) -> bool:
    """Whether nobody else can write until this session's transaction ends."""
    return session.get_bind().dialect.name == "sqlite"


def _at_hand(session: Session, model: type[Row], row_id: int) -> Row | None:
    row, since = _held(session).get((model, row_id), (None, None))
    still = since is not None and since.is_active and row in session
    return row if still and isinstance(row, model) else None


def _keep(session: Session, row: Base) -> None:
    since = session.get_nested_transaction() or session.get_transaction()
    if since is not None:
        _held(session)[type(row), _number(row)] = (row, since)


def _number(row: Base) -> int:
    identity: Any = inspect(row).identity
    number: int = identity[0]
    return number


def _held(session: Session) -> _Held:
    held: _Held = session.info.setdefault(_KEY, {})
    return held


@cache
def _statement(model: type[Row]) -> Select[Any]:
    (number,) = inspect(model).primary_key
    query = select(model).where(number == bindparam("row_id")).with_for_update()
    return query.execution_options(populate_existing=True)
