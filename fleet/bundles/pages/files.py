"""A file of usage that is looked through first, then recorded whole or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.bundles import service
from fleet.bundles.api.seeing import Recorder
from fleet.bundles.csv_file import MOST_BYTES
from fleet.bundles.rules import gigabytes
from fleet.bundles.service import CheckedRow
from fleet.bundles.usage_file import COLUMNS, MOST_ROWS
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep, read_form
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.spreadsheet import decoded
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = PageRouter(dependencies=[Depends(may(Permission.BUNDLES_RECORD))])
ROWS_SHOWN = 50


@dataclass(frozen=True)
class FilePage:
    """Asks for the file."""

    title: str
    action: str
    back: str
    hint: str
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PreviewPage:
    """What would be recorded. `rows` are the ones that cannot be used, or the first few when all can."""

    action: str
    back: str
    text: str
    total: int
    refused: int
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = "Is this right?"


USAGE = FilePage(
    "Which file says what was used?",
    "/data/usage",
    "/data",
    f"With the columns {', '.join(COLUMNS)}; at most {MOST_ROWS:,} rows",
)


async def file_form(request: Request) -> AsyncIterator[Form]:
    """The form with its file, closed afterwards."""
    try:
        yield await read_form(request)
    finally:
        await request.close()


FileForm = Annotated[Form, Depends(file_form)]


@router.get("/data/usage")
def usage_page(request: Request) -> Response:
    return render(request, "bundles/file.html", USAGE)


@router.post("/data/usage")
def preview_usage(request: Request, form: FileForm, session: ReadSession, clock: ClockDep) -> Response:
    """Nothing is recorded here."""
    try:
        text = _text(form)
        checked = service.check_file(session, text, today=local_date(clock()))
    except BadInput as refused:
        return _asked_again(request, USAGE, refused)
    return _preview(request, _usage_preview(text, checked))


@router.post("/data/usage/record")
def record_usage(request: Request, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep) -> Response:
    text, happening = form.get("csv"), Happening(now=clock())
    try:
        with session.begin_nested():
            count = service.import_usage(session, text, actor=actor, happening=happening)
    except service.RowsRefused:
        checked = service.check_file(session, text, today=local_date(happening.now))
        return _preview(request, _usage_preview(text, checked), status=422)
    except BadInput as refused:
        return _asked_again(request, USAGE, refused)
    return see_other("/data", said=f"{count} reading{'' if count == 1 else 's'} recorded.")


def _text(form: Form) -> str:
    sent = form.files.get("file")
    if sent is None:
        raise BadInput("Nothing was sent.", fields={"file": "Choose the file."})
    raw = sent.file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise BadInput("Nothing was recorded.", fields={"file": "The file is larger than 1 MB; send it in parts."})
    return decoded(raw)


def _asked_again(request: Request, page: FilePage, refused: BadInput) -> Response:
    asked = FilePage(page.title, page.action, page.back, page.hint, refused.fields)
    return render(request, "bundles/file.html", asked, status=422)


def _preview(request: Request, page: PreviewPage, *, status: int = 200) -> Response:
    return render(request, "bundles/preview.html", page, status=status)


def _usage_preview(text: str, checked: Sequence[CheckedRow]) -> PreviewPage:
    refused = [each for each in checked if each.problem]
    rows = tuple(_usage_row(each) for each in (refused or checked)[:ROWS_SHOWN])
    header = ("Line", "Number", "Day", "Used", *(["Why not"] if refused else []))
    return PreviewPage(USAGE.action, USAGE.back, text, len(checked), len(refused), header, rows)


def _usage_row(checked: CheckedRow) -> tuple[str, ...]:
    row = checked.row
    said = (f"{row.read_on:%-d %b %Y}", gigabytes(row.used_mb)) if not row.problem else ("", "")
    return (f"{row.line}", row.iccid, *said, *([checked.problem] if checked.problem else []))
