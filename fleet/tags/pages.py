"""Pages about labels: print a sheet for chosen tablets, look at what was printed, and scan labels back from tablets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from fleet.clock import LONDON
from fleet.errors import BadInput, DoorstepError
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import Form, FormDep
from fleet.http.ids import RowId
from fleet.http.paging import Cell, Column, Listed, Table, table, table_csv
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tablets.api import TabletId
from fleet.tablets.models import Tablet
from fleet.tablets.words import name_of
from fleet.tags import printing, queries, service
from fleet.tags.api import BatchId, pdf_response
from fleet.tags.models import PrintBatch, Tag
from fleet.tags.printing import SheetChoice, Wanted, sheet_choices
from fleet.tags.rules import shown
from fleet.tags.scanning import scan_back
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from labels.frames import PrintSize

router = APIRouter(prefix="/labels")

BATCH_COLUMNS = (
    Column("Printed", "when"),
    Column("Sheet", "sheet"),
    Column("From position", numeric=True),
    Column("By"),
)


class PrintForm(BaseModel):
    """What is asked when printing. Texts are kept as typed, so that the form can be shown again."""

    tablet: list[int] = Field(default_factory=list, max_length=500)
    sheet: str = Field("L7160", max_length=40)
    start_at: int = 1
    copies: int = 1
    print_size: PrintSize = PrintSize.CLEAR


@dataclass(frozen=True)
class PrintPage:
    tablets: tuple[tuple[str, str, str], ...]
    """(id, kind and code, serial) of each tablet that may be ticked."""
    ticked: tuple[str, ...]
    sheets: tuple[SheetChoice, ...]
    typed: Form
    errors: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    title: str = "Print labels"


@dataclass(frozen=True)
class BatchesPage:
    table: Table
    title: str = "Printed labels"


@dataclass(frozen=True)
class BatchPage:
    batch: PrintBatch
    labels: tuple[tuple[str, str], ...]
    facts: tuple[tuple[str, str], ...]
    title: str = "Labels to print"


@router.get("", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def print_page(
    request: Request,
    session: ReadSession,
    settings: SettingsDep,
    tablet: Annotated[list[int] | None, Query(max_length=500)] = None,
) -> Response:
    ticked = tuple(str(each) for each in tablet or ())
    page = _print_page(session, ticked, Form(), problem=printing.check_public_url(settings) or "")
    return render(request, "tags/print.html", page)


@router.post("")
def print_labels(
    request: Request,
    form: FormDep,
    session: WriteSession,
    settings: SettingsDep,
    clock: ClockDep,
    actor: Annotated[Actor, Depends(may(Permission.LABELS_PRINT))],
) -> Response:
    try:
        asked = form.parse(PrintForm)
        wanted = Wanted(asked.sheet, asked.start_at, asked.copies, asked.print_size)
        with session.begin_nested():
            batch = printing.print_labels(
                session, asked.tablet, wanted=wanted, settings=settings, actor=actor, happening=Happening(clock())
            )
    except BadInput as error:
        page = _print_page(session, form.lists.get("tablet", ()), form, errors=error.fields)
        return render(request, "tags/print.html", page, status=422)
    return see_other(f"/labels/batches/{batch.id}", said="The sheet is ready to print.")


@router.get("/batches", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def batches_page(request: Request, session: ReadSession, query: Listed) -> Response:
    shown_table = table(
        queries.find_batches(session, query),
        caption="Printed labels",
        columns=BATCH_COLUMNS,
        row=_batch_row,
        path="/labels/batches",
        empty="Each printing of labels is listed here, and can be printed again.",
    )
    if query.as_csv:
        return table_csv("printed-labels", shown_table)
    return render(request, "tags/batches.html", BatchesPage(shown_table))


@router.get("/batches/{batch_id}", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def batch_page(request: Request, batch_id: BatchId, session: ReadSession) -> Response:
    batch = printing.get_batch(session, batch_id)
    tags = queries.tags_of_batch(session, batch_id)
    return render(request, "tags/batch.html", BatchPage(batch, _labels(session, tags), _batch_facts(batch, tags)))


@router.get("/batches/{batch_id}/pdf", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def batch_pdf(batch_id: BatchId, session: ReadSession, settings: SettingsDep) -> Response:
    return pdf_response(printing.pdf_of(session, batch_id, settings=settings), batch_id)


@router.post("/batches/{batch_id}/again")
def print_again(
    batch_id: BatchId,
    form: FormDep,
    session: WriteSession,
    settings: SettingsDep,
    clock: ClockDep,
    actor: Annotated[Actor, Depends(may(Permission.LABELS_PRINT))],
) -> Response:
    start_at = form.get("start_at", "1")
    if not start_at.isdecimal() or len(start_at) > 3:
        raise BadInput("Nothing was printed.", fields={"start_at": "Enter the first unused position, from 1."})
    again = printing.print_again(
        session, batch_id, start_at=int(start_at), settings=settings, actor=actor, happening=Happening(clock())
    )
    return see_other(f"/labels/batches/{again.id}", said="The sheet is ready to print.")


@dataclass(frozen=True)
class ScanPage:
    """The one field, and where the work stands: no tablet in hand, a tablet, or a tablet whose code was scanned."""

    tablet: Tablet | None = None
    code: str = ""
    own_code: str = ""
    kind: str = ""
    scanned: str = ""
    wrong: str = ""
    what_next: str = ""
    title: str = "Scan labels back"


@router.get("/scan", dependencies=[Depends(may(Permission.TABLETS_RECORD))])
def scan_page(
    request: Request,
    session: ReadSession,
    tablet: RowId | None = None,
    code: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    return render(request, "tags/scan.html", _scan_page(session, tablet, code))


@router.post("/scan")
def scan(
    request: Request,
    form: FormDep,
    session: WriteSession,
    clock: ClockDep,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))],
) -> Response:
    in_hand = int(form.get("tablet")) if form.get("tablet").isdecimal() and len(form.get("tablet")) < 10 else None
    try:
        step = scan_back(
            session,
            form.get("scan"),
            in_hand=in_hand,
            code=form.get("code"),
            actor=actor,
            happening=Happening(clock()),
        )
    except DoorstepError as error:
        why = next(iter(error.fields.values()), "") if isinstance(error, BadInput) else error.next_step
        page = _scan_page(session, in_hand, form.get("code"), wrong=error.message, what_next=why)
        return render(request, "tags/scan.html", page, status=error.status)
    if step.confirmed:
        return see_other("/labels/scan", said=f"{step.code} is on its own tablet, number {step.tablet_id}.")
    return see_other(f"/labels/scan?tablet={step.tablet_id}" + (f"&code={step.code}" if step.code else ""))


@router.post("/replace/{tablet_id}")
def replace_label(
    tablet_id: TabletId,
    form: FormDep,
    session: WriteSession,
    clock: ClockDep,
    actor: Annotated[Actor, Depends(may(Permission.LABELS_PRINT))],
) -> Response:
    made = service.replace(session, tablet_id, reason=form.get("reason"), actor=actor, happening=Happening(now=clock()))
    said = f"{shown(made.code)} replaces the old label. Print it, stick it on, and scan it back."
    return see_other(f"/labels?tablet={tablet_id}", said=said)


def _print_page(
    session: Session,
    ticked: Sequence[str],
    typed: Form,
    *,
    errors: dict[str, str] | None = None,
    problem: str = "",
) -> PrintPage:
    waiting = {tablet.id: tablet for tablet in queries.tablets_to_label(session)}
    wanted = [int(each) for each in ticked if each.isdecimal() and len(each) < 10]
    chosen = queries.tablets_by_id(session, wanted)
    choices = tuple((str(each.id), _name(each), f"Serial {each.serial}") for each in ({**chosen, **waiting}).values())
    return PrintPage(choices, tuple(ticked), sheet_choices(), typed, errors or {}, problem)


def _name(tablet: Tablet) -> str:
    code = f", {shown(tablet.label_code)}" if tablet.label_code else ", no label yet"
    return f"Tablet {tablet.id}, {name_of(tablet)}{code}"


def _scan_page(session: Session, tablet_id: int | None, code: str, *, wrong: str = "", what_next: str = "") -> ScanPage:
    found = queries.tablets_by_id(session, [tablet_id]).get(tablet_id) if tablet_id is not None else None
    if found is None:
        return ScanPage(wrong=wrong, what_next=what_next)
    own = shown(found.label_code) if found.label_code else ""
    return ScanPage(found, code, own, name_of(found), wrong=wrong, what_next=what_next)


def _labels(session: Session, tags: Sequence[Tag]) -> tuple[tuple[str, str], ...]:
    tablets = queries.tablets_by_id(session, [tag.tablet_id for tag in tags if tag.tablet_id is not None])
    return tuple(
        (shown(tag.code), f"Tablet {tag.tablet_id}, {name_of(tablets[tag.tablet_id])}, {tag.state.value}")
        for tag in tags
        if tag.tablet_id is not None
    )


def _batch_facts(batch: PrintBatch, tags: Sequence[Tag]) -> tuple[tuple[str, str], ...]:
    return (
        ("Sheet", batch.sheet),
        ("First label at position", str(batch.start_at)),
        ("Labels", str(len(tags) * batch.copies)),
        ("Print", "Large" if batch.print_size == PrintSize.LARGE else "Clear"),
        ("Printed by", batch.printed_by),
    )


def _batch_row(batch: PrintBatch) -> tuple[Cell, ...]:
    return (
        Cell(f"{batch.printed_at.astimezone(LONDON):%-d %b %Y, %H:%M}", href=f"/labels/batches/{batch.id}"),
        Cell(batch.sheet),
        Cell(str(batch.start_at)),
        Cell(batch.printed_by),
    )
