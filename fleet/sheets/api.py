"""Whole kinds of record as CSV for programs: one route to take each out, and one to bring in each that comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, DatabaseDep, SettingsDep, WriteSession
from fleet.sheets import service
from fleet.sheets.kinds import ALL, Kind
from fleet.sheets.rules import MOST_BYTES, Looked
from fleet.users.access import current_actor, may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(prefix="/sheets", tags=["files"])

CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"text/csv": {"schema": {"type": "string"}}},
        "description": "CSV in UTF-8, with a byte order mark",
    }
}


class FileIn(BaseModel):
    """A file as text. Without `keep` it is only looked at; with it all of it is kept, or nothing of it (422)."""

    model_config = ConfigDict(hide_input_in_errors=True)

    csv: str = Field(max_length=MOST_BYTES)
    keep: bool = False


class RowOut(BaseModel):
    """One row: its number as a spreadsheet shows it, what it would bring, what is wrong with it, and what is odd about
    one that may be kept."""

    row: int
    what: str
    problems: list[str]
    doubts: list[str]


class FileOut(BaseModel):
    """What a file would bring, or brought."""

    rows: list[RowOut]
    passed_over: list[str] = Field(description="Columns that are not kept.")
    problem: str = Field(description="Why nothing could be read; empty when it could.")
    may_be_kept: bool
    kept: int

    @classmethod
    def of(cls, looked: Looked, kept: int) -> FileOut:
        rows = [
            RowOut(row=each.number, what=each.what, problems=list(each.problems), doubts=list(each.doubts))
            for each in looked.rows
        ]
        return cls(
            rows=rows,
            passed_over=list(looked.passed_over),
            problem=looked.problem,
            may_be_kept=looked.may_be_kept,
            kept=kept,
        )


def acting(request: Request, permission: Permission) -> Actor:
    """Whoever asks, in the role that the door let in."""
    viewer = current_actor(request)
    assert viewer is not None
    return viewer.acting(permission)


def csv_file(pieces: Iterator[str], name: str) -> StreamingResponse:
    """A file that leaves while it is read."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces, media_type="text/csv; charset=utf-8", headers=headers)


def _taking_out(kind: Kind) -> Callable[..., Response]:
    def take_out(request: Request, database: DatabaseDep, clock: ClockDep) -> StreamingResponse:
        actor = acting(request, kind.see)
        return csv_file(service.take_out(database, kind, actor=actor, now=clock(), source="api"), kind.name)

    return take_out


def _bringing_in(kind: Kind) -> Callable[..., FileOut]:
    bring = kind.bring
    assert bring is not None

    def bring_in(
        request: Request, asked: FileIn, session: WriteSession, settings: SettingsDep, clock: ClockDep
    ) -> FileOut:
        actor, happening = acting(request, bring), Happening(clock(), source="api")
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
            description=f"Columns: {', '.join(column.name for column in _kind.comes_in)}.",
            dependencies=[Depends(may(_kind.bring))],
            responses=responses(503),
        )
