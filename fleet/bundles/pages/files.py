"""Files that are looked through first, then recorded whole or not at all: usage, and deliveries of cards."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request, Response

from fleet.bundles import service
from fleet.bundles.api.seeing import Recorder
from fleet.bundles.csv_file import MOST_BYTES
from fleet.bundles.rules import gigabytes
from fleet.bundles.service import CheckedCard, CheckedRow
from fleet.bundles.usage_file import COLUMNS, MOST_ROWS
from fleet.bundles.words import KIND_WORDS
from fleet.clock import local_date
from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep, read_form
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.partners.service import hub_of
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
CARDS = FilePage(
    "Which file lists the cards?",
    "/sims/file",
    "/sims",
    f"With the columns {', '.join(service.CARD_COLUMNS)}, and perhaps kind, phone, serial, pin and puk; "
    f"at most {service.MOST_CARDS:,} rows",
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


@router.get("/sims/file")
def cards_page(request: Request) -> Response:
    return render(request, "bundles/file.html", CARDS)


@router.post("/sims/file")
def preview_cards(request: Request, form: FileForm, session: ReadSession) -> Response:
    """Nothing is taken in here."""
    try:
        text = _text(form)
        checked = service.check_stock_file(session, text)
    except BadInput as refused:
        return _asked_again(request, CARDS, refused)
    return _preview(request, _cards_preview(text, checked))


@router.post("/sims/file/record")
def record_cards(
    request: Request, form: FormDep, session: WriteSession, actor: Recorder, settings: SettingsDep, clock: ClockDep
) -> Response:
    text, happening = form.get("csv"), Happening(now=clock())
    try:
        with session.begin_nested():
            hub_id = hub_of(session, actor).id
            count = service.import_stock(
                session, text, hub_id=hub_id, actor=actor, settings=settings, happening=happening
            )
    except service.RowsRefused:
        return _preview(request, _cards_preview(text, service.check_stock_file(session, text)), status=422)
    except BadInput as refused:
        return _asked_again(request, CARDS, refused)
    return see_other("/sims", said=f"{count} card{'' if count == 1 else 's'} taken in.")


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


def _asked_again(request: Request, page: FilePage, refused: BadInput) -> Response:
    asked = FilePage(page.title, page.action, page.back, page.hint, refused.fields)
    return render(request, "bundles/file.html", asked, status=422)


def _preview(request: Request, page: PreviewPage, *, status: int = 200) -> Response:
    """A list of cards may hold PINs, so no browser keeps the page."""
    answer = render(request, "bundles/preview.html", page, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _usage_preview(text: str, checked: Sequence[CheckedRow]) -> PreviewPage:
    refused = [each for each in checked if each.problem]
    rows = tuple(_usage_row(each) for each in (refused or checked)[:ROWS_SHOWN])
    header = ("Line", "Number", "Day", "Used", *(["Why not"] if refused else []))
    return PreviewPage(USAGE.action, USAGE.back, text, len(checked), len(refused), header, rows)


def _usage_row(checked: CheckedRow) -> tuple[str, ...]:
    row = checked.row
    said = (f"{row.read_on:%-d %b %Y}", gigabytes(row.used_mb)) if not row.problem else ("", "")
    return (f"{row.line}", row.iccid, *said, *([checked.problem] if checked.problem else []))


def _cards_preview(text: str, checked: Sequence[CheckedCard]) -> PreviewPage:
    refused = [each for each in checked if each.problem]
    rows = tuple(_card_row(each) for each in (refused or checked)[:ROWS_SHOWN])
    header = ("Line", "Number", "Kind", "Network", "Phone", "Why not" if refused else "Look again")
    return PreviewPage(CARDS.action, CARDS.back, text, len(checked), len(refused), header, rows)


def _card_row(card: CheckedCard) -> tuple[str, ...]:
    new = card.new
    return (f"{card.line}", new.iccid, KIND_WORDS[new.kind], new.network, new.phone, card.problem or card.doubt)
