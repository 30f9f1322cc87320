"""A long file on its way in: how far it is, what was found in its rows, and the words keep, stop and try again.

The page may be left and found again. Without scripts it is loaded anew by itself; a screen reader is told of its end by
the page that comes then, and of nothing before.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Depends, Request, Response

from fleet.clock import LONDON
from fleet.errors import Conflict
from fleet.http.flash import see_other
from fleet.http.ids import RowId
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession, get_clock, get_database
from fleet.settings import Settings
from fleet.sheets import service
from fleet.sheets.api.acting import acting
from fleet.sheets.api.coming import sender
from fleet.sheets.kinds import KINDS, Kind, KindName
from fleet.sheets.models import FileComing
from fleet.sheets.rules import Looked
from fleet.sheets.rules.coming import UNDER_WAY, ComingState, Progress
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.filters import count
from fleet.web.render import render

router = PageRouter(prefix="/sheets/coming")
SEES = [Depends(may(Permission.SHEETS_SEE))]
STANDS = {
    ComingState.CHECKING: "Being checked",
    ComingState.CHECKED: "Checked: say whether to keep it",
    ComingState.KEEPING: "Being kept",
    ComingState.KEPT: "Kept",
    ComingState.REFUSED: "Not kept: rows have problems",
    ComingState.STOPPED: "Stopped: nothing was kept",
}


@dataclass(frozen=True)
class ComingPage:
    """`looked` is what was found, once it was; `given_up` says why no worker goes on."""

    title: str
    file: FileComing
    kind: Kind
    progress: Progress
    under_way: bool
    given_up: str = ""
    looked: Looked | None = None

    @property
    def about(self) -> str:
        return f"A file of {self.kind.title.lower()}"


def address(file_id: int) -> str:
    return f"/sheets/coming/{file_id}"


def sent(request: Request, kind: Kind, sheet: str, settings: Settings) -> str:
    """Let a worker check a long file; where its page is."""
    assert kind.bring is not None
    actor = acting(request, kind.bring)
    with get_database(request).write() as session:
        session.info["nudge"] = request.app.state.nudge
        made = service.send(session, kind, sheet, keep=False, actor=actor, settings=settings, now=get_clock(request)())
    return address(made.id)


def shown_in_list(file: FileComing) -> tuple[str, str, str]:
    kind = KINDS[KindName(file.kind)]
    what = f"{kind.title}, {count(file.rows, 'row')}, sent {file.at.astimezone(LONDON):%-d %b at %H:%M}"
    return address(file.id), what, STANDS[file.state]


@router.get("/{file_id}", dependencies=SEES)
def coming_page(
    request: Request, file_id: RowId, session: ReadSession, database: DatabaseDep, settings: SettingsDep
) -> Response:
    """How it stands. While it is under way the page asks for itself every second, and shows its bar anew."""
    _, file = sender(request, session, file_id)
    kind, given_up = KINDS[KindName(file.kind)], service.given_up(session, file)
    page = ComingPage(
        title=f"{STANDS[file.state]}, a file of {kind.title.lower()}",
        file=file,
        kind=kind,
        progress=service.progress_of(database, file),
        under_way=file.state in UNDER_WAY and not given_up,
        given_up=given_up,
        looked=service.found_in(file, settings),
    )
    answer = render(request, "sheets/coming.html", page)
    answer.headers["Cache-Control"] = "no-store"  # a file may hold PINs or people
    if "HX-Request" in request.headers and not page.under_way:
        answer.headers["HX-Refresh"] = "true"
    return answer


@router.post("/{file_id}/keep", dependencies=SEES)
def keep(request: Request, file_id: RowId, session: WriteSession, clock: ClockDep) -> Response:
    actor, _ = sender(request, session, file_id)
    try:
        service.keep_it(session, file_id, actor=actor, now=clock())
    except Conflict as refused:
        return see_other(address(file_id), said=refused.message)
    return see_other(address(file_id))


@router.post("/{file_id}/stop", dependencies=SEES)
def stop(request: Request, file_id: RowId, database: DatabaseDep, clock: ClockDep) -> Response:
    with database.read() as session:
        actor, _ = sender(request, session, file_id)
    state = service.stop(database, file_id, actor=actor, now=clock())
    said = "It was kept a moment before you stopped it." if state is ComingState.KEPT else ""
    return see_other(address(file_id), said=said)


@router.post("/{file_id}/again", dependencies=SEES)
def again(request: Request, file_id: RowId, session: WriteSession, clock: ClockDep) -> Response:
    actor, _ = sender(request, session, file_id)
    service.try_again(session, file_id, actor=actor, now=clock())
    return see_other(address(file_id))
