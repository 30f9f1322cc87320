"""Whom a file that leaves is about, and who took out which."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import insert, literal, null, select
from sqlalchemy.orm import Session

from fleet.chasing.models import ChaseHold
from fleet.database.lists import Found, ListQuery, find
from fleet.people.models import Person, PersonEvent
from fleet.sheets.models import FileTaken
from fleet.sheets.queries.going_out import Rows
from fleet.users.actor import Actor


def people_in_holds() -> Rows:
    return select(ChaseHold.person_id).distinct()


def everybody() -> Rows:
    return select(Person.id).where(Person.erased_at.is_(None))


def write_taken_out(session: Session, whom: Rows, words: str, *, actor: Actor, now: datetime, source: str) -> None:
    """In the log of everybody whom a file is about, with one statement however many they are."""
    about = whom.subquery()
    signed = actor.signature()
    entry = select(
        about.c[0],
        literal("taken_out"),
        literal(words),
        literal(signed["actor_id"]) if signed["actor_id"] is not None else null(),
        literal(signed["actor_name"]),
        literal(signed["role"]),
        literal(now, PersonEvent.__table__.c.at.type),
        literal(source),
    )
    names = ["person_id", "kind", "words", "actor_id", "actor_name", "role", "at", "source"]
    session.execute(insert(PersonEvent).from_select(names, entry))


def find_taken(session: Session, query: ListQuery) -> Found[FileTaken]:
    """The files that were taken out, the latest first. Filter: `kind`."""
    statement = select(FileTaken)
    if query.filter("kind"):
        statement = statement.where(FileTaken.kind == query.filter("kind"))
    return find(session, statement, query, sorts={"at": FileTaken.id}, tie=FileTaken.id, default_descending=True)
