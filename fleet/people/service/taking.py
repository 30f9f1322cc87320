"""Files of ours that leave: who took out which, and a word in the log of everybody whom one is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.people import queries
from fleet.people.models import FileTaken
from fleet.users.actor import Actor


def note_taken(
    session: Session,
    kind: str,
    what: str,
    about: Select[int] | None,
    *,
    actor: Actor,
    now: datetime,
    source: str,
) -> None:
    """Write down that a file leaves, `what` being its name in words ("file of loans"); and, where it is `about`
    people, in the log of each."""
    session.add(FileTaken(kind=kind, words=f"The {what}", at=now, source=source, **actor.signature()))
    if about is not None:
        words = f"In the {what} that was taken out"
        queries.write_taken_out(session, about, words, actor=actor, now=now, source=source)


def list_taken(
    database: Database, kind: str, what: str, person_ids: Iterable[int], *, actor: Actor, now: datetime
) -> None:
    """The same for a page's list that leaves as a file and names these people ("waiting list")."""
    about = queries.these_people(sorted(set(person_ids)))
    with database.write() as session:
        note_taken(session, kind, what, about, actor=actor, now=now, source="page")
