"""Pages of files: which there are, each to download, and bringing one in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import csv_response
from fleet.http.session import ClockDep, DatabaseDep, ReadSession, WriteSession
from fleet.sheets import service
from fleet.sheets.api import acting, csv_file
from fleet.sheets.kinds import ALL, Kind
from fleet.sheets.rules import MOST_ROWS, Column, Looked
from fleet.spreadsheet import decoded
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render

router = APIRouter(prefix="/sheets")


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
    title: str = "Files"


@dataclass(frozen=True)
class BringPage:
    """`looked` is None before a file was sent; `sheet` is its text, which comes back with the confirmation."""

    title: str
    name: str
    columns: tuple[Column, ...]
    looked: Looked | None = None
    sheet: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    most: int = MOST_ROWS

    @property
    def reads_other_programs(self) -> bool:
        return any(column.also for column in self.columns)


@router.get("")
def list_page(request: Request, actor: Annotated[Actor, Depends(may(Permission.SHEETS_SEE))]) -> Response:
    offered = tuple(_offered(kind, actor) for kind in ALL if actor.may(kind.see))
    return render(request, "sheets/list.html", ListPage(offered))


def _offered(kind: Kind, actor: Actor) -> Offered:
    brings = f"/sheets/{kind.name}/bring-in" if kind.bring is not None and actor.may(kind.bring) else ""
    if kind.elsewhere and actor.may(_ELSEWHERE[kind.elsewhere]):
        brings = kind.elsewhere
    return Offered(kind.title, kind.says, f"/sheets/{kind.name}.csv", brings)


_ELSEWHERE = {"/requests/sheet": Permission.REQUESTS_MAKE, "/sims/file": Permission.BUNDLES_RECORD}


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
    def look(request: Request, form: FormDep, session: ReadSession, clock: ClockDep) -> Response:
        upload = form.files.get("file")
        if upload is None:
            return render(request, "sheets/bring_in.html", _page(kind, errors={"file": "Choose the file."}), status=422)
        with upload.file as file:
            sheet = decoded(file.read())
        looked = service.look(session, kind, sheet, now=clock())
        if looked.problem:
            page = _page(kind, errors={"file": looked.problem})
            return render(request, "sheets/bring_in.html", page, status=422)
        return render(request, "sheets/bring_in.html", _page(kind, looked=looked, sheet=sheet))

    return look


def _keep(kind: Kind) -> Callable[..., Response]:
    bring = kind.bring
    assert bring is not None

    def keep(request: Request, form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
        actor = acting(request, bring)
        sheet = form.get("sheet")
        try:
            with session.begin_nested():
                kept = service.keep(session, kind, sheet, actor=actor, happening=Happening(clock()))
        except BadInput as refused:
            looked = service.look(session, kind, sheet, now=clock())
            page = _page(kind, looked=looked, sheet=sheet, errors={"file": refused.message})
            return render(request, "sheets/bring_in.html", page, status=422)
        return see_other(
            "/sheets", said=f"{kept} {'row was' if kept == 1 else 'rows were'} kept: {kind.title.lower()}."
        )

    return keep


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
