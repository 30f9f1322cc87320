"""A long file on its way in, for programs: how it stands, that it is to be kept, and that nothing of it is."""

from __future__ import annotations

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.routes import API, ApiRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.settings import Settings
from fleet.sheets import service
from fleet.sheets.api.acting import acting
from fleet.sheets.kinds import KINDS, KindName
from fleet.sheets.models import FileComing
from fleet.sheets.schemas import FileComingOut
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/sheets/coming", tags=["files"])
SEES = [Depends(may(Permission.SHEETS_SEE))]


def address(file_id: int) -> str:
    return f"{API}/sheets/coming/{file_id}"


def sender(request: Request, session: Session, file_id: int) -> tuple[Actor, FileComing]:
    """Whoever sent this file, while they may bring in its kind. Raises `NotFound`, `NotAllowed`."""
    viewer = acting(request, Permission.SHEETS_SEE)
    found = service.get_coming(session, file_id, actor=viewer)
    bring = KINDS[KindName(found.kind)].bring
    assert bring is not None
    return acting(request, bring), found


@router.get("/{file_id}", dependencies=SEES, responses=responses(404, 503))
def file_coming(
    request: Request, file_id: RowId, session: ReadSession, database: DatabaseDep, settings: SettingsDep
) -> FileComingOut:
    """How a file stands that you sent, and, once it was checked, what was found in each row."""
    _, found = sender(request, session, file_id)
    return _told(session, database, found, settings)


@router.post("/{file_id}/keep", status_code=202, dependencies=SEES, responses=responses(404, 409, 503))
def keep_file(
    request: Request,
    file_id: RowId,
    session: WriteSession,
    database: DatabaseDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> FileComingOut:
    """Keep a file that was checked: all of it, or nothing. Asked twice it is kept once."""
    actor, _ = sender(request, session, file_id)
    return _told(session, database, service.keep_it(session, file_id, actor=actor, now=clock()), settings)


@router.post("/{file_id}/stop", dependencies=SEES, responses=responses(404, 503))
def stop_file(
    request: Request, file_id: RowId, database: DatabaseDep, settings: SettingsDep, clock: ClockDep
) -> FileComingOut:
    """Keep nothing of a file, unless it was kept already: `state` says which."""
    with database.read() as session:
        actor, _ = sender(request, session, file_id)
    service.stop(database, file_id, actor=actor, now=clock())
    with database.read() as session:
        return _told(session, database, service.get_coming(session, file_id, actor=actor), settings)


def _told(session: Session, database: Database, file: FileComing, settings: Settings) -> FileComingOut:
    return FileComingOut.told(
        file,
        service.progress_of(database, file),
        address(file.id),
        why=service.given_up(session, file),
        looked=service.found_in(file, settings),
    )
