"""The messages among the entries of the ledger: what left, or was to leave, for a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from fleet.chasing.models import Chase
from fleet.chasing.rules import ChaseState
from fleet.database.lists import Found, ListQuery, find
from fleet.people.rules import Channel

_BY_WIRE = (Channel.TEXT.value, Channel.EMAIL.value)


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


def any_sent_since(session: Session, since: date) -> bool:
    """Whether a text or an email left on or after that day."""
    return bool(session.scalar(select(exists().where(*_sent_since(since)))))


def sent_by_reference(session: Session, references: Sequence[str], since: date) -> Sequence[tuple[int, str]]:
    """The texts and emails among these that left on or after that day: the entry's number, and the reference."""
    query = select(Chase.id, Chase.reference).where(*_sent_since(since), Chase.reference.in_(references))
    return [(row.id, row.reference) for row in session.execute(query.order_by(Chase.id))]


def _sent_since(since: date) -> tuple[Any, ...]:
    return (Chase.message_day >= since, Chase.state == ChaseState.SENT, Chase.channel.in_(_BY_WIRE))
