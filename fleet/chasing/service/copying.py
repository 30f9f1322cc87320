"""Whether this database is the installation's own, or a copy restored from a backup: a copy sends nothing (rule R9).

The database carries a mark, and so does a file in the data folder, with the number of the last message that left. They
differ where a backup was restored elsewhere; the number is ahead of the ledger where an older backup came back here.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import ChaseMark
from fleet.settings import Settings
from fleet.users.actor import SYSTEM, Actor

FILE = "chasing-mark.json"


@dataclass(frozen=True)
class Told:
    """What the data folder says: whose it is, and the number of the last entry of the ledger that left."""

    mark: str
    last: int
    journal_from: str = ""
    """The moment from which the journal of departures beside it is whole; empty where nobody knows."""


def is_copy(session: Session, settings: Settings) -> bool:
    """Whether nothing may leave, because database and data folder do not belong together."""
    row, told = queries.mark(session), _told(settings)
    if row is None or told is None:
        return row is not None or (told is not None and told.last > queries.last_chase_id(session))
    return told.mark != row.mark or told.last > queries.last_chase_id(session)


def make_known(session: Session, settings: Settings, *, now: datetime) -> None:
    """Give the installation its mark, when it has none; nothing else changes."""
    if queries.mark(session) is not None or is_copy(session, settings):
        return
    with suppress(IntegrityError), session.begin_nested():  # another worker was first
        _set(session, settings, actor=SYSTEM, now=now)


def count_again(session: Session, settings: Settings, *, actor: Actor, now: datetime) -> None:
    """This database counts from here on, and no other: messages leave again with the next tick.

    What left after the backup was made is seen to first: restoring.py.
    """
    _set(session, settings, actor=actor, now=now)


def is_told_of_all(session: Session, settings: Settings, since: datetime) -> bool:
    """Whether the journal of departures in the data folder is this installation's own, and whole since a moment."""
    row, told = queries.mark(session), _told(settings)
    if row is None or told is None or told.mark != row.mark or not told.journal_from:
        return False
    return datetime.fromisoformat(told.journal_from) <= since


def note_sent(settings: Settings, chase_id: int, *, now: datetime) -> None:
    """Remember outside the database that this entry left."""
    told = _told(settings)
    if told is not None and (chase_id > told.last or not told.journal_from):
        begun = told.journal_from or now.isoformat()
        _write(settings, Told(told.mark, max(chase_id, told.last), begun))


def _set(session: Session, settings: Settings, *, actor: Actor, now: datetime) -> None:
    mark = secrets.token_hex(16)
    row, told = queries.mark(session), _told(settings)
    is_own = row is not None and told is not None and told.mark == row.mark and told.journal_from
    journal_from = told.journal_from if is_own and told is not None else now.isoformat()
    if row is None:
        session.add(ChaseMark(id=1, mark=mark, set_by=actor.name, set_at=now))
    else:
        row.mark, row.set_by, row.set_at = mark, actor.name, now
    session.flush()
    _write(settings, Told(mark, queries.last_chase_id(session), journal_from))


def _told(settings: Settings) -> Told | None:
    try:
        return Told(**json.loads((settings.data_dir / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        return Told("unreadable", 0)


def _write(settings: Settings, told: Told) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    handle, staged = tempfile.mkstemp(dir=settings.data_dir, prefix=".mark-")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(told), file)
    Path(staged).replace(settings.data_dir / FILE)
