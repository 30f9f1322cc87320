"""Pages of files: which there are, each to download, and bringing one in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.clock import LONDON
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Listed, Table, csv_response, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, SettingsDep, WriteSession
from fleet.sheets import queries, service
from fleet.sheets.api import csv_file
from fleet.sheets.api.acting import acting
from fleet.sheets.kinds import ALL, Kind
from fleet.sheets.pages import coming
from fleet.sheets.pages.coming import sent, shown_in_list
from fleet.sheets.rules import MOST_BYTES, MOST_ROWS, Looked
from fleet.sheets.rules import Column as FileColumn
from fleet.spreadsheet import decoded
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(prefix="/sheets")
router.take(coming.router)

TAKEN = (Column("What"), Column("When", "at", whole=True), Column("Who"), Column("How"))


@dataclass(frozen=True)
class Offered:
    """A kind as one reader may use it."""

    title: str
    says: str
    download: str
    bring_in: str


@dataclass(frozen=True)
class ListPage:
    offered: tuple[Offered, ...]
    may_see_taken: bool
    coming: tuple[tuple[str, str, str], ...] = ()
    """(address, what, how it stands) of each long file that this reader sent within a day."""
    title: str = "Files"


@dataclass(frozen=True)
class TakenPage:
    table: Table
    title: str = "Files that were taken out"


@dataclass(frozen=True)
class BringPage:
    """`looked` is None before a file was sent; `sheet` is its text, which comes back with the confirmation."""

    title: str
    name: str
    columns: tuple[FileColumn, ...]
    looked: Looked | None = None
    sheet: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    most: int = MOST_ROWS

    @property
    def reads_other_programs(self) -> bool:
        return any(column.also for column in self.columns)


@router.get("")
def list_page(
    request: Request,
    session: ReadSession,
    clock: ClockDep,
    actor: Annotated[Actor, Depends(may(Permission.SHEETS_SEE))],
) -> Response:
    offered = tuple(_offered(kind, actor) for kind in ALL if actor.may(kind.see))
    sent = tuple(shown_in_list(each) for each in service.latest_of(session, actor=actor, now=clock()))
    return render(request, "sheets/list.html", ListPage(offered, actor.may(Permission.AUDIT_SEE), sent))


@router.get("/taken", dependencies=[Depends(may(Permission.AUDIT_SEE))])
def taken_page(request: Request, session: ReadSession, query: Listed) -> Response:
    shown = table(
        queries.find_taken(session, query),
        caption="Files that were taken out",
        columns=TAKEN,
        row=lambda each: (
            Cell(each.words),
            Cell(f"{each.at.astimezone(LONDON):%-d %b %Y, %H:%M}"),
            Cell(f"{each.actor_name}, {each.role.replace('_', ' ')}"),
            Cell("A program" if each.source == "api" else "A page"),
        ),
        path="/sheets/taken",
        empty="Each file that somebody takes out is listed here, with who and when.",
    )
    if query.as_csv:
        return table_csv("files-taken-out", shown)
    return render(request, "sheets/taken.html", TakenPage(shown))


def _offered(kind: Kind, actor: Actor) -> Offered:
    brings = f"/sheets/{kind.name}/bring-in" if kind.bring is not None and actor.may(kind.bring) else ""
    return Offered(kind.title, kind.says, f"/sheets/{kind.name}.csv", brings)


def _download(kind: Kind) -> Callable[..., Response]:
    def download(request: Request, database: DatabaseDep, clock: ClockDep) -> Response:
        actor = acting(request, kind.see)
        return csv_file(service.take_out(database, kind, actor=actor, now=clock(), source="page"), kind.name)

    return download


def _bring_page(kind: Kind) -> Callable[..., Response]:
    def bring_page(request: Request) -> Response:
        return render(request, "sheets/bring_in.html", _page(kind))

    return bring_page


def _example(kind: Kind) -> Callable[..., Response]:
    def example() -> Response:
        return csv_response(f"{kind.name}-to-bring-in", [column.name for column in kind.comes_in], [])

    return example


def _look(kind: Kind) -> Callable[..., Response]:
    bring = kind.bring
    assert bring is not None

    def look(request: Request, form: FormDep, session: ReadSession, settings: SettingsDep, clock: ClockDep) -> Response:
        upload = form.files.get("file")
        if upload is None:
            return _shown(request, _page(kind, errors={"file": "Choose the file."}), status=422)
        with upload.file as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            too_long = "This file is larger than 2 MB. Send it in parts, each with the names of the columns."
            return _shown(request, _page(kind, errors={"file": too_long}), status=422)
        sheet = decoded(raw)
        if service.is_long(sheet, kind):
            return see_other(sent(request, kind, sheet, settings))
        looked = service.look(session, kind, sheet, actor=acting(request, bring), settings=settings, now=clock())
        if looked.problem:
            return _shown(request, _page(kind, errors={"file": looked.problem}), status=422)
        return _shown(request, _page(kind, looked=looked, sheet=sheet))

    return look


def _keep(kind: Kind) -> Callable[..., Response]:
    bring = kind.bring
    assert bring is not None

    def keep(
        request: Request, form: FormDep, session: WriteSession, settings: SettingsDep, clock: ClockDep
    ) -> Response:
        actor = acting(request, bring)
        sheet = form.get("sheet")
        try:
            with session.begin_nested():
                kept = service.keep(session, kind, sheet, actor=actor, settings=settings, happening=Happening(clock()))
        except BadInput as refused:
            looked = service.look(session, kind, sheet, actor=actor, settings=settings, now=clock())
            page = _page(kind, looked=looked, sheet=sheet, errors={"file": refused.message})
            return _shown(request, page, status=422)
        return see_other(
            "/sheets", said=f"{kept} {'row was' if kept == 1 else 'rows were'} kept: {kind.title.lower()}."
        )

    return keep


def _shown(request: Request, page: BringPage, *, status: int = 200) -> Response:
    """A file may hold PINs or people, so no browser keeps the page."""
    answer = render(request, "sheets/bring_in.html", page, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(
    kind: Kind, *, looked: Looked | None = None, sheet: str = "", errors: dict[str, str] | None = None
) -> BringPage:
    return BringPage(f"Bring in {kind.title.lower()}", kind.name, kind.comes_in, looked, sheet, errors or {})


for _kind in ALL:
    _sees = [Depends(may(_kind.see))]
    router.add_api_route(
        f"/{_kind.name}.csv", _download(_kind), methods=["GET"], dependencies=_sees, response_model=None
    )
    if _kind.bring:
        _at, _may = f"/{_kind.name}/bring-in", [Depends(may(_kind.bring))]
        router.add_api_route(_at, _bring_page(_kind), methods=["GET"], dependencies=_may, response_model=None)
        router.add_api_route(f"{_at}/example", _example(_kind), methods=["GET"], dependencies=_may, response_model=None)
        router.add_api_route(_at, _look(_kind), methods=["POST"], dependencies=_may, response_model=None)
        router.add_api_route(f"{_at}/keep", _keep(_kind), methods=["POST"], dependencies=_may, response_model=None)
