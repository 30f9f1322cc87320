"""Whole kinds of record as CSV for programs: one route to take each out, and one to bring in each that comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import Depends, Request, Response
from starlette.responses import JSONResponse, StreamingResponse

from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, DatabaseDep, SettingsDep, WriteSession
from fleet.sheets import service
from fleet.sheets.api import coming
from fleet.sheets.api.acting import acting
from fleet.sheets.kinds import ALL, Kind
from fleet.sheets.rules.coming import Progress
from fleet.sheets.schemas import LONG, FileComingOut, FileIn, FileOut
from fleet.users.access import may

router = ApiRouter(prefix="/sheets", tags=["files"])
router.take(coming.router)

CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "description": "CSV in UTF-8, with a byte order mark",
    }
}


ON_ITS_WAY: dict[int | str, dict[str, Any]] = {
    202: {"model": FileComingOut, "description": "A long file: a worker goes on with it."}
}


def csv_file(pieces: Iterator[str], name: str) -> StreamingResponse:
    """A file that leaves while it is read."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)


def _taking_out(kind: Kind) -> Callable[..., Response]:
    def take_out(request: Request, database: DatabaseDep, clock: ClockDep) -> StreamingResponse:
        actor = acting(request, kind.see)
        return csv_file(service.take_out(database, kind, actor=actor, now=clock(), source="api"), kind.name)

    return take_out


def _bringing_in(kind: Kind) -> Callable[..., FileOut | JSONResponse]:
    bring = kind.bring
    assert bring is not None

    def bring_in(
        request: Request, asked: FileIn, session: WriteSession, settings: SettingsDep, clock: ClockDep
    ) -> FileOut | JSONResponse:
        actor, happening = acting(request, bring), Happening(clock(), source="api")
        if service.is_long(asked.csv, kind):
            sent = service.send(
                session,
                kind,
                asked.csv,
                keep=asked.keep,
                actor=actor,
                settings=settings,
                now=happening.now,
                source="api",
            )
            told = FileComingOut.told(sent, Progress(), coming.address(sent.id))
            where = {"Location": told.href}
            return JSONResponse(told.model_dump(mode="json"), status_code=202, headers=where)
        looked = service.look(session, kind, asked.csv, actor=actor, settings=settings, now=happening.now)
        kept = 0
        if asked.keep:
            kept = service.keep(session, kind, asked.csv, actor=actor, settings=settings, happening=happening)
        return FileOut.of(looked, kept)

    return bring_in


for _kind in ALL:
    router.add_api_route(
        f"/{_kind.name}",
        _taking_out(_kind),
        methods=["GET"],
        name=f"take_out_{_kind.name}",
        summary=f"{_kind.title} as a file",
        description=f"{_kind.says} Columns: {', '.join(column.name for column in _kind.goes_out)}.",
        dependencies=[Depends(may(_kind.see))],
        response_class=Response,
        response_model=None,
        responses=responses() | CSV,
    )
    if _kind.bring:
        router.add_api_route(
            f"/{_kind.name}",
            _bringing_in(_kind),
            methods=["POST"],
            name=f"bring_in_{_kind.name}",
            summary=f"Bring in {_kind.title.lower()}",
            description=f"{LONG} Columns: {', '.join(column.name for column in _kind.comes_in)}.",
            dependencies=[Depends(may(_kind.bring))],
            response_model=FileOut,
            responses=responses(503) | ON_ITS_WAY,
        )
