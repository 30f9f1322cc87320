"""Which tables lead to a person, by following foreign keys; so that no room can keep something unseen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, false, or_, select
from sqlalchemy.orm import Session

from fleet.database.base import Base
from fleet.people.models import Person

PERSON = Person.__tablename__
APART = ("erasure", "equality_answer")
"""What leads to a person and is not looked at here: the decision itself, and what only the equality room may read."""


@cache
def personal_tables() -> tuple[str, ...]:
    """Every table with rows about one person, the person's own first, each after what it hangs on."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in APART]
    found = [PERSON]
    for table in tables:
        if table.name not in found and _parents(table, found):
            found.append(table.name)
    return tuple(found)


def about(table_name: str, person_ids: Iterable[int]) -> ColumnElement[bool]:
    """The rows of one of these tables that are about these people."""
    table = Base.metadata.tables[table_name]
    if table_name == PERSON:
        return table.c.id.in_(tuple(person_ids))
    parents = _parents(table, personal_tables())
    straight = [column for column, parent in parents if parent == PERSON]
    if straight:
        return straight[0].in_(tuple(person_ids))
    ways = [
        column.in_(select(Base.metadata.tables[parent].c.id).where(about(parent, person_ids)))
        for column, parent in parents
    ]
    return or_(false(), *ways)


def rows_about(session: Session, table_name: str, person_id: int) -> list[dict[str, Any]]:
    """What one table holds about somebody, oldest first."""
    table = Base.metadata.tables[table_name]
    query = select(table).where(about(table_name, (person_id,))).order_by(*table.primary_key.columns)
    return [dict(row) for row in session.execute(query).mappings()]


def _parents(table: Table, known: Sequence[str]) -> list[tuple[ColumnElement[Any], str]]:
    keys = sorted(table.foreign_keys, key=lambda key: key.parent.name)
    return [(key.parent, key.column.table.name) for key in keys if key.column.table.name in known]
