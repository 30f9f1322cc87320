"""A file of usage from a network's website: looked through first, then recorded whole or not at all."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from fleet.bundles import service
from fleet.bundles.api.seeing import Recorder
from fleet.bundles.rules import gigabytes
from fleet.bundles.service import CheckedRow
from fleet.bundles.usage_file import MOST_BYTES, MOST_ROWS
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep, read_form
from fleet.http.session import ClockDep, ReadSession, WriteSession
from fleet.users.access import may
from fleet.users.rules import Permission
from fleet.web.render import render

router = APIRouter(prefix="/data/usage", dependencies=[Depends(may(Permission.BUNDLES_RECORD))])
ROWS_SHOWN = 50


@dataclass(frozen=True)
class UsageFilePage:
    errors: Mapping[str, str] = field(default_factory=dict)
    most_rows: int = MOST_ROWS
    title: str = "Read a file of usage"


@dataclass(frozen=True)
class PreviewRow:
    """One row as it would be recorded, or why it cannot be."""

    line: int
    number: str
    day: str
    used: str
    problem: str


@dataclass(frozen=True)
class PreviewPage:
    """`rows` are the ones that cannot be used, or the first few when all can."""

    text: str
    total: int
    refused: int
    rows: tuple[PreviewRow, ...]
    title: str = "Is this right?"


async def file_form(request: Request) -> AsyncIterator[Form]:
    """The form with its file, closed afterwards."""
    try:
        yield await read_form(request)
    finally:
        await request.close()


FileForm = Annotated[Form, Depends(file_form)]


@router.get("")
def file_page(request: Request) -> Response:
    return render(request, "bundles/usage.html", UsageFilePage())


@router.post("")
def preview(request: Request, form: FileForm, session: ReadSession, clock: ClockDep) -> Response:
    """Nothing is recorded here."""
    try:
        text = _text(form)
        checked = service.check_file(session, text, today=local_date(clock()))
    except BadInput as refused:
        return render(request, "bundles/usage.html", UsageFilePage(refused.fields), status=422)
    return render(request, "bundles/usage_preview.html", _preview(text, checked))


@router.post("/record")
def record(request: Request, form: FormDep, session: WriteSession, actor: Recorder, clock: ClockDep) -> Response:
    text, happening = form.get("csv"), Happening(now=clock())
    try:
        with session.begin_nested():
            count = service.import_usage(session, text, actor=actor, happening=happening)
    except service.RowsRefused:
        checked = service.check_file(session, text, today=local_date(happening.now))
        return render(request, "bundles/usage_preview.html", _preview(text, checked), status=422)
    except BadInput as refused:
        return render(request, "bundles/usage.html", UsageFilePage(refused.fields), status=422)
    return see_other("/data", said=f"{count} reading{'' if count == 1 else 's'} recorded.")


def _text(form: Form) -> str:
    sent = form.files.get("file")
    if sent is None:
        raise BadInput("Nothing was sent.", fields={"file": "Choose the file."})
    raw = sent.file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise BadInput("Nothing was recorded.", fields={"file": "The file is larger than 1 MB; send it in parts."})
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sentence = "The file is not plain text. Save it as CSV (UTF-8)."
        raise BadInput("Nothing was recorded.", fields={"file": sentence}) from error


def _preview(text: str, checked: tuple[CheckedRow, ...]) -> PreviewPage:
    refused = [each for each in checked if each.problem]
    shown = (refused or checked)[:ROWS_SHOWN]
    return PreviewPage(text, len(checked), len(refused), tuple(_row(each) for each in shown))


def _row(checked: CheckedRow) -> PreviewRow:
    row = checked.row
    if row.problem:
        return PreviewRow(row.line, row.iccid, "", "", row.problem)
    return PreviewRow(row.line, row.iccid, f"{row.read_on:%-d %b %Y}", gigabytes(row.used_mb), checked.problem)
