"""A whole kind of record as a CSV file, written while it is read; personal ones leave a word in each person's log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.people import service as people
from fleet.sheets import queries
from fleet.sheets.kinds import Kind
from fleet.sheets.rules import cell
from fleet.spreadsheet import written
from fleet.users.actor import Actor


def lines(session: Session, kind: Kind) -> Iterator[str]:
    """The file in pieces: memory stays flat however many rows there are."""
    columns = kind.goes_out
    rows = (
        [cell(column.write(row)) for column in columns if column.write] for row in queries.stream(session, kind.rows())
    )
    return written([column.name for column in columns], rows)


def take_out(database: Database, kind: Kind, *, actor: Actor, now: datetime, source: str) -> Iterator[str]:
    """The file, after it was written down who took it; and, where it is personal, in the log of everybody in it."""
    about = kind.about() if kind.about is not None else None
    with database.write() as session:
        people.note_taken(
            session, kind.name, f"file of {kind.title.lower()}", about, actor=actor, now=now, source=source
        )
    return _read(database, kind)


def _read(database: Database, kind: Kind) -> Iterator[str]:
    with database.read() as session:
        yield from lines(session, kind)
