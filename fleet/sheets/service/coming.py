"""A long file on its way in: sent, checked by a worker, kept whole or not at all, or stopped before that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.errors import Conflict, there
from fleet.jobs import service as jobs
from fleet.sealing import seal, unseal
from fleet.settings import Settings
from fleet.sheets.beside import beside
from fleet.sheets.kinds import Kind
from fleet.sheets.models import FileComing
from fleet.sheets.queries import coming
from fleet.sheets.rules import Looked, LookedRow, read_file
from fleet.sheets.rules.coming import MOST_AT_ONCE, UNDER_WAY, WAITS_FOR, ComingMove, ComingState, Progress
from fleet.users.actor import Actor

COMING_JOB = "sheets.coming"
FORGET_JOB = "sheets.forget"
_PURPOSE = "file on its way in"
NOBODY_SAID = "Nobody said within a day whether to keep it. Send it again."
SOMEBODY_ERASED = "Somebody was erased meanwhile, and nobody can tell whether the file names them. Send it again."


def is_long(text: str, kind: Kind) -> bool:
    """Whether a worker takes it. A file that cannot be read is answered at once."""
    return len(read_file(text, kind.columns).lines) > MOST_AT_ONCE


def send(
    session: Session,
    kind: Kind,
    text: str,
    *,
    keep: bool,
    actor: Actor,
    settings: Settings,
    now: datetime,
    source: str = "page",
) -> FileComing:
    """Let a worker check a file, and with `keep` keep it as well if no row has a problem."""
    assert actor.user_id is not None
    made = FileComing(
        kind=kind.name.value,
        state=ComingState.KEEPING if keep else ComingState.CHECKING,
        rows=len(read_file(text, kind.columns).lines),
        source=source,
        user_id=actor.user_id,
        at=now,
    )
    session.add(made)
    session.flush()
    made.content = seal(settings, _PURPOSE, f"{made.id}", text)
    session.flush()
    _ask(session, made.id, made.state, now)
    jobs.enqueue(session, FORGET_JOB, key=f"{FORGET_JOB}-{made.id}", now=now, args={"file": made.id}, after=WAITS_FOR)
    return made


def _ask(session: Session, file_id: int, state: ComingState, now: datetime) -> None:
    jobs.enqueue(session, COMING_JOB, key=_key(file_id, state), now=now, args={"file": file_id})


def _key(file_id: int, state: ComingState) -> str:
    return f"{COMING_JOB}-{file_id}-{state.value}"


def get_coming(session: Session, file_id: int, *, actor: Actor) -> FileComing:
    """A file that this person sent. Raises `NotFound` for everybody else's."""
    found = coming.file_coming(session, file_id)
    mine = found if found is not None and found.user_id == actor.user_id else None
    return there(mine, "There is no such file of yours.", next_step="Look at the list of files, or send it again.")


def latest_of(session: Session, *, actor: Actor, now: datetime) -> Sequence[FileComing]:
    """What this person sent within a day."""
    return coming.of_user(session, actor.user_id or 0, since=now - WAITS_FOR)


def keep_it(session: Session, file_id: int, *, actor: Actor, now: datetime) -> FileComing:
    """Somebody says that a checked file is to be kept; said twice it is one. Raises `NotFound`, `Conflict`."""
    found = get_coming(session, file_id, actor=actor)
    if coming.make(session, file_id, ComingMove.KEEP):
        _ask(session, file_id, ComingState.KEEPING, now)
    session.refresh(found)
    if found.state in (ComingState.KEEPING, ComingState.KEPT):
        return found
    raise Conflict(
        f"Nothing was kept. The file is {found.state.value}.",
        next_step="Look at what was found in it, and send it again.",
    )


def stop(database: Database, file_id: int, *, actor: Actor, now: datetime) -> ComingState:
    """Let nothing of it be kept. How it stands afterwards: kept, if that was quicker. Raises `NotFound`.

    With no session of its caller's: on SQLite a writer waits for the file, and the file for this word.
    """
    with database.read() as session:
        get_coming(session, file_id, actor=actor)
    told = beside(database, file_id)
    told.ask_to_stop()
    with database.write() as session:
        why = f"Stopped by {actor.name}."
        coming.make(session, file_id, ComingMove.STOP, content=None, found=None, why=why, ended_at=now)
        found = get_coming(session, file_id, actor=actor)
        session.refresh(found)
    told.forget()
    return found.state


def try_again(session: Session, file_id: int, *, actor: Actor, now: datetime) -> FileComing:
    """Ask once more for what was given up. Raises `NotFound`."""
    found = get_coming(session, file_id, actor=actor)
    jobs.ask_again(session, _key(file_id, found.state), now=now)
    return found


def given_up(session: Session, file: FileComing) -> str:
    """Why no worker goes on with it; empty while one does, or will."""
    return jobs.why_given_up(session, _key(file.id, file.state)) if file.state in UNDER_WAY else ""


def progress_of(database: Database, file: FileComing) -> Progress:
    """How far it has come; of one that no worker has begun, nothing."""
    return beside(database, file.id).told() if file.state in UNDER_WAY else Progress()


def text_of(file: FileComing, settings: Settings) -> str:
    """The file itself. Raises `SealedElsewhere`."""
    return unseal(settings, _PURPOSE, f"{file.id}", file.content or "")


def found_in(file: FileComing, settings: Settings) -> Looked | None:
    """What was found in each row; None before that, and a day later. Raises `SealedElsewhere`."""
    if file.found is None:
        return None
    told = json.loads(unseal(settings, _PURPOSE, f"{file.id}", file.found))
    rows = tuple(
        LookedRow(each["number"], each["what"], tuple(each["problems"]), tuple(each["doubts"])) for each in told["rows"]
    )
    return Looked(rows, tuple(told["passed_over"]), told["problem"])


def sealed_found(file_id: int, looked: Looked, settings: Settings) -> str:
    """What was found in each row, as it is stored."""
    return seal(settings, _PURPOSE, f"{file_id}", json.dumps(asdict(looked)))


def empty_files(session: Session, *, now: datetime) -> None:
    """Somebody is erased: keep nothing of any file, since it may name them. One under way is stopped."""
    coming.empty_all(session, why=SOMEBODY_ERASED, now=now)
