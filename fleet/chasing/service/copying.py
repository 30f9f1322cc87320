"""Whether this database is the installation's own, or a copy restored from a backup: a copy sends nothing (rule R9).

The database carries a mark, and so does a file in the data folder, with the number of the last message that left. They
differ where a backup was restored elsewhere; the number is ahead of the ledger where an older backup came back here.
So are the ticks that are remembered (beats.py), also where nothing had left since, or where the whole folder came back.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import ChaseMark
from fleet.chasing.rules import WhyOff
from fleet.chasing.service.beats import is_behind
from fleet.settings import Settings
from fleet.users.actor import SYSTEM, Actor
from fleet.whole_files import write_whole

FILE = "chasing-mark.json"
UNREADABLE = "unreadable"
"""The mark of a data folder whose file cannot be read: nobody's."""
OFF_FILE = "chasing-off.json"
"""Since when nothing leaves. A file, because a database that is no longer ours would lose it with the next restore."""


@dataclass(frozen=True)
class Told:
    """What the data folder says: whose it is, and the number of the last entry of the ledger that left."""

    mark: str
    last: int
    journal_from: str = ""
    """The moment from which the journal of departures beside it is whole; empty where nobody knows."""


def is_copy(session: Session, settings: Settings) -> bool:
    """Whether nothing may leave, because database and data folder do not belong together."""
    return why_off(session, settings) is not None


def why_off(session: Session, settings: Settings) -> WhyOff | None:
    """Why nothing may leave; None where this is the installation's own database."""
    row, told = queries.mark(session), _told(settings)
    if row is not None and is_behind(row, settings):
        return WhyOff.OLDER_THAN_FOLDER
    if told is None:
        return WhyOff.NO_FOLDER if row is not None else None
    if row is not None and told.mark == UNREADABLE:
        return WhyOff.FOLDER_UNREADABLE
    if row is not None and told.mark != row.mark:
        return WhyOff.ANOTHER_INSTALLATION
    return WhyOff.OLDER_THAN_FOLDER if told.last > queries.last_chase_id(session) else None


@dataclass(frozen=True)
class SendingState:
    """Whether messages leave from this database. `seen` changes with the answer: who says that a database counts says
    with it which one they looked at."""

    why_off: WhyOff | None
    off_since: datetime | None
    """When a worker first found it so; None while messages leave, or before one has looked."""
    last_message_at: datetime | None
    """When the last message was taken up that this database knows of: what happened later is not in it."""
    counts_since: datetime | None
    counts_by: str
    """Who last said that it counts, and when; by the system where it was so from the first."""
    seen: str


def sending_state(session: Session, settings: Settings) -> SendingState:
    """How it stands with messages; reads only."""
    row, why = queries.mark(session), why_off(session, settings)
    parts = (row.mark if row is not None else "", _read(settings.data_dir / FILE) or "", str(why))
    return SendingState(
        why_off=why,
        off_since=_off_since(settings) if why is not None else None,
        last_message_at=queries.last_message_at(session),
        counts_since=row.set_at if row is not None else None,
        counts_by=row.set_by if row is not None else "",
        seen=hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32],
    )


def note_off(session: Session, settings: Settings, *, now: datetime) -> None:
    """Write down since when nothing leaves, the first time that it is found so; and forget it once messages leave."""
    path = settings.data_dir / OFF_FILE
    if not is_copy(session, settings):
        path.unlink(missing_ok=True)
    elif _off_since(settings) is None:
        write_whole(path, json.dumps({"since": now.isoformat()}))


def _off_since(settings: Settings) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(_read(settings.data_dir / OFF_FILE) or "{}")["since"])
    except (ValueError, KeyError, TypeError):
        return None


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


def journal_begins(settings: Settings, moment: datetime) -> None:
    """The journal of departures is whole since this moment at the earliest: what is older is about to go."""
    told = _told(settings)
    if told is not None and told.journal_from and datetime.fromisoformat(told.journal_from) < moment:
        _write(settings, replace(told, journal_from=moment.isoformat()))


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
    said = _read(settings.data_dir / FILE)
    if said is None:
        return None
    try:
        return Told(**json.loads(said))
    except (ValueError, TypeError):
        return Told(UNREADABLE, 0)


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return None


def _write(settings: Settings, told: Told) -> None:
    write_whole(settings.data_dir / FILE, json.dumps(asdict(told)))
