"""Whether this database is the installation's own, or a copy restored from a backup: a copy sends nothing (rule R9).

The database carries a mark, and so does a file in the data folder, with the number of the last message that left. They
differ where a backup was restored elsewhere; the number is ahead of the ledger where an older backup came back here.
So are the ticks that are remembered (beats.py), also where nothing had left since, or where the whole folder came back.
And the file says where it lies (marks.py), so that a copy of the whole folder is known for one though all of it agrees.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import ChaseMark
from fleet.chasing.rules import WhyOff
from fleet.chasing.service.beats import is_behind
from fleet.chasing.service.marks import UNREADABLE, Told, found_mark, write_mark
from fleet.settings import Settings
from fleet.users.actor import SYSTEM, Actor
from fleet.whole_files import write_whole

OFF_FILE = "chasing-off.json"
"""Since when nothing leaves. A file, because a database that is no longer ours would lose it with the next restore."""


def is_copy(session: Session, settings: Settings) -> bool:
    """Whether nothing may leave, because database and data folder do not belong together."""
    return why_off(session, settings) is not None


def why_off(session: Session, settings: Settings) -> WhyOff | None:
    """Why nothing may leave; None where this is the installation's own database."""
    row, found = queries.mark(session), found_mark(settings)
    if row is not None and is_behind(row, settings):
        return WhyOff.OLDER_THAN_FOLDER
    if found is None:
        return WhyOff.NO_FOLDER if row is not None else None
    if row is not None and found.told.mark == UNREADABLE:
        return WhyOff.FOLDER_UNREADABLE
    if row is not None and found.told.mark != row.mark:
        return WhyOff.ANOTHER_INSTALLATION
    if row is not None and found.is_copied:
        return WhyOff.COPIED_FOLDER
    return WhyOff.OLDER_THAN_FOLDER if found.told.last > queries.last_chase_id(session) else None


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
    row, why, found = queries.mark(session), why_off(session, settings), found_mark(settings)
    parts = (row.mark if row is not None else "", found.text if found is not None else "", str(why))
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
        return datetime.fromisoformat(json.loads((settings.data_dir / OFF_FILE).read_text(encoding="utf-8"))["since"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


def make_known(session: Session, settings: Settings, *, now: datetime) -> None:
    """Give the installation its mark, when it has none, and let one of a time that did not write down where it lies say
    so; nothing else changes."""
    if is_copy(session, settings):
        return
    if queries.mark(session) is None:
        with suppress(IntegrityError), session.begin_nested():  # another worker was first
            _set(session, settings, actor=SYSTEM, now=now)
    elif (found := found_mark(settings)) is not None and not found.told.place:
        write_mark(settings, found.told)


def count_again(session: Session, settings: Settings, *, actor: Actor, now: datetime) -> None:
    """This database counts from here on, and no other: messages leave again with the next tick.

    What left after the backup was made is seen to first: restoring.py.
    """
    _set(session, settings, actor=actor, now=now)


def is_told_of_all(session: Session, settings: Settings, since: datetime) -> bool:
    """Whether the journal of departures in the data folder is this installation's own, and whole since a moment."""
    journal_from = _journal_from(session, settings)
    return bool(journal_from) and datetime.fromisoformat(journal_from) <= since


def _journal_from(session: Session, settings: Settings) -> str:
    """Since when the journal is whole; empty where nobody knows. More may have left since than a copied one tells."""
    row, found = queries.mark(session), found_mark(settings)
    is_own = row is not None and found is not None and found.told.mark == row.mark and not found.is_copied
    return found.told.journal_from if is_own and found is not None else ""


def journal_begins(settings: Settings, moment: datetime) -> None:
    """The journal of departures is whole since this moment at the earliest: what is older is about to go."""
    told = _own(settings)
    if told is not None and told.journal_from and datetime.fromisoformat(told.journal_from) < moment:
        write_mark(settings, replace(told, journal_from=moment.isoformat()))


def note_sent(settings: Settings, chase_id: int, *, now: datetime) -> None:
    """Remember outside the database that this entry left."""
    told = _own(settings)
    if told is not None and (chase_id > told.last or not told.journal_from):
        begun = told.journal_from or now.isoformat()
        write_mark(settings, replace(told, last=max(chase_id, told.last), journal_from=begun))


def _own(settings: Settings) -> Told | None:
    """What the folder says of itself, unless it was copied: only who says that it counts says where it lies."""
    found = found_mark(settings)
    return found.told if found is not None and not found.is_copied else None


def _set(session: Session, settings: Settings, *, actor: Actor, now: datetime) -> None:
    mark, row = secrets.token_hex(16), queries.mark(session)
    journal_from = _journal_from(session, settings) or now.isoformat()
    if row is None:
        session.add(ChaseMark(id=1, mark=mark, set_by=actor.name, set_at=now))
    else:
        row.mark, row.set_by, row.set_at = mark, actor.name, now
    session.flush()
    write_mark(settings, Told(mark, queries.last_chase_id(session), journal_from))
