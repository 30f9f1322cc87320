"""Whom a file that leaves is about, and which ones left."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from fleet.chasing.models import ChaseHold
from fleet.database.lists import Found, ListQuery, find
from fleet.people.models import FileTaken, Person


def people_in_holds() -> Select[int]:
    return select(ChaseHold.person_id).distinct()


def everybody() -> Select[int]:
    return select(Person.id).where(Person.erased_at.is_(None))


def find_taken(session: Session, query: ListQuery) -> Found[FileTaken]:
    """The files that were taken out, the latest first. Filter: `kind`."""
    statement = select(FileTaken)
    if query.filter("kind"):
        statement = statement.where(FileTaken.kind == query.filter("kind"))
    return find(session, statement, query, sorts={"at": FileTaken.id}, tie=FileTaken.id, default_descending=True)
