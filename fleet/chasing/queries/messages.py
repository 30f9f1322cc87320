"""The messages among the entries of the ledger: what left, or was to leave, for a person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from fleet.chasing.models import Chase
from fleet.chasing.rules import ChaseState
from fleet.database.lists import Found, ListQuery, find


def find_messages(session: Session, query: ListQuery) -> Found[Chase]:
    """Newest first. Filters: `state`, `channel`, `loan` and `person` (their numbers), `day` (it was for)."""
    statement = select(Chase).where(Chase.channel != "")
    if (state := query.choice("state", ChaseState)) is not None:
        statement = statement.where(Chase.state == state)
    if query.filter("channel"):
        statement = statement.where(Chase.channel == query.filter("channel"))
    for name, column in (("loan", Chase.loan_id), ("person", Chase.person_id)):
        if (number := query.number(name)) is not None:
            statement = statement.where(column == number)
    if day := query.day("day"):
        statement = statement.where(Chase.message_day == day)
    sorts: dict[str, Any] = {"when": Chase.created_at, "loan": Chase.loan_id, "state": Chase.state}
    return find(session, statement, query, sorts=sorts, tie=Chase.id, default_sort="when", default_descending=True)
