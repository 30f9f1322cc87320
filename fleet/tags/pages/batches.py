"""What was printed: the list of batches, one batch with its labels by number, and printing it again after a jam."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from fleet.clock import LONDON
from fleet.database.lists import Found, ListQuery
from fleet.happening import Happening
from fleet.http.flash import see_other
from fleet.http.forms import FormDep
from fleet.http.paging import Cell, Column, Filter, Listed, Table, table, table_csv
from fleet.http.routes import PageRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tablets.words import name_of
from fleet.tags import print_jobs, printers, printing, queries
from fleet.tags.api.batches import BatchId, pdf_response
from fleet.tags.models import PrintBatch, Tag
from fleet.tags.pages.jobs import JobLine, job_lines
from fleet.tags.printing import PrintedTag
from fleet.tags.rules import TagState, shown
from fleet.tags.rules.printing import WAITING, PrintJobState
from fleet.tags.words import BATCH_WORDS, TAG_STATES
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.web.render import render
from labels.frames import PrintSize

router = PageRouter(prefix="/labels")

Prints = Annotated[Actor, Depends(may(Permission.LABELS_PRINT))]

BATCH_COLUMNS = (
    Column("Printed", "when"),
    Column("What"),
    Column("Sheet", "sheet"),
    Column("From position", numeric=True),
    Column("By"),
)
LABEL_COLUMNS = (
    Column("Number", numeric=True),
    Column("Code", whole=True),
    Column("State"),
    Column("On"),
)


class AgainForm(BaseModel):
    """Where to go on, on which part of the sheet, and on which printer if on any."""

    start_at: int = 1
    last_good: int = 0
    to_printer: int = 0


class VoidForm(BaseModel):
    """Which labels were lost, and how."""

    first: int = 1
    reason: str = ""


@dataclass(frozen=True)
class BatchesPage:
    table: Table
    title: str = "Printed labels"


@dataclass(frozen=True)
class BatchPage:
    batch: PrintBatch
    labels: Table
    facts: tuple[tuple[str, ...], ...]
    total: int
    """Labels in all, copies included."""
    to_print: int
    blank: int
    """Labels of it that nobody has claimed."""
    on_roll: bool
    printers: tuple[tuple[str, str], ...]
    """(number, name) of each that these labels can be sent to."""
    jobs: tuple[JobLine, ...]
    waits: bool
    was_sent: bool
    last_printer: str
    title: str = "Labels to print"


@router.get("/batches", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def batches_page(request: Request, session: ReadSession, query: Listed) -> Response:
    kinds = (("", "All labels"), *((kind.value, words) for kind, words in BATCH_WORDS.items()))
    shown_table = table(
        queries.find_batches(session, query),
        caption="Printed labels",
        columns=BATCH_COLUMNS,
        row=_batch_row,
        path="/labels/batches",
        filters=(Filter("kind", "What", query.filter("kind"), kinds),),
        empty="Each printing of labels is listed here, and can be printed again.",
    )
    if query.as_csv:
        return table_csv("printed-labels", shown_table)
    return render(request, "tags/batches.html", BatchesPage(shown_table))


@router.get("/batches/{batch_id}", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def batch_page(request: Request, batch_id: BatchId, session: ReadSession, query: Listed) -> Response:
    page = _batch_page(session, printing.get_batch(session, batch_id), query)
    if query.as_csv:
        return table_csv(f"labels-{batch_id}", page.labels)
    return render(request, "tags/batch.html", page)


@router.get("/batches/{batch_id}/pdf", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def batch_pdf(batch_id: BatchId, session: ReadSession, settings: SettingsDep) -> Response:
    return pdf_response(printing.pdf_of(session, batch_id, settings=settings), batch_id)


@router.post("/batches/{batch_id}/again")
def print_again(
    batch_id: BatchId, form: FormDep, session: WriteSession, settings: SettingsDep, clock: ClockDep, actor: Prints
) -> Response:
    asked = form.parse(AgainForm)
    again = printing.print_again(
        session,
        batch_id,
        start_at=asked.start_at,
        last_good=asked.last_good,
        settings=settings,
        actor=actor,
        happening=Happening(clock()),
    )
    print_jobs.set_aside_waiting(session, batch_id, now=clock())
    if asked.to_printer:
        print_jobs.send_batch(session, again.id, asked.to_printer, actor=actor, now=clock())
        return see_other(f"/labels/batches/{again.id}", said="The rest is on its way to the printer.")
    return see_other(f"/labels/batches/{again.id}", said="The rest is ready to print.")


@router.post("/batches/{batch_id}/void", dependencies=[Depends(may(Permission.LABELS_PRINT))])
def void_labels(batch_id: BatchId, form: FormDep, session: WriteSession, clock: ClockDep) -> Response:
    asked = form.parse(VoidForm)
    voided = printing.void_labels(
        session, batch_id, first=asked.first, reason=asked.reason, happening=Happening(clock())
    )
    what = "1 label is void" if len(voided) == 1 else f"{len(voided)} labels are void"
    return see_other(f"/labels/batches/{batch_id}", said=f"{what}. Nobody can claim them.")


def _batch_page(session: Session, batch: PrintBatch, query: ListQuery) -> BatchPage:
    labels = printing.labels_of(session, batch)
    first = (query.page - 1) * query.per_page
    jobs = queries.jobs_of_batch(session, batch.id)
    usable = [each for each in printers.printers_in_use(session) if printers.takes(each, batch.sheet)]
    names = _tablet_names(session, [label.tag for label in labels])
    return BatchPage(
        batch=batch,
        labels=table(
            Found(labels[first : first + query.per_page], len(labels), query),
            caption="Labels of this printing",
            columns=LABEL_COLUMNS,
            row=lambda label: _label_row(label, batch, names),
            path=f"/labels/batches/{batch.id}",
            empty="This printing has no labels.",
        ),
        facts=_batch_facts(batch, len(labels)),
        total=len(labels) * batch.copies,
        to_print=sum(printing.is_printable(batch, label.tag) for label in labels) * batch.copies,
        blank=sum(label.tag.state is TagState.BLANK for label in labels),
        on_roll=printing.is_roll(batch.sheet),
        printers=tuple((str(each.id), each.name) for each in usable),
        jobs=job_lines(jobs, queries.printers(session)),
        waits=any(job.state in WAITING for job in jobs),
        was_sent=any(job.state is PrintJobState.SENT for job in jobs),
        last_printer=str(jobs[0].printer_id) if jobs else "",
    )


def _tablet_names(session: Session, tags: list[Tag]) -> dict[int, str]:
    tablets = queries.tablets_by_id(session, [tag.tablet_id for tag in tags if tag.tablet_id is not None])
    return {tablet_id: f"Tablet {tablet_id}, {name_of(tablet)}" for tablet_id, tablet in tablets.items()}


def _label_row(label: PrintedTag, batch: PrintBatch, names: dict[int, str]) -> tuple[Cell, ...]:
    tag, last = label.tag, label.number + batch.copies - 1
    state = TAG_STATES[tag.state]
    note = f"by {label.replaced_by}" if label.replaced_by else tag.void_reason
    if tag.state is TagState.ATTACHED:
        note = "scanned back" if tag.confirmed_at else "not scanned back yet"
    on = Cell(names.get(tag.tablet_id, ""), href=f"/tablets/{tag.tablet_id}") if tag.tablet_id else Cell("")
    number = str(label.number) if batch.copies == 1 else f"{label.number} to {last}"
    return (Cell(number), Cell(shown(tag.code)), Cell(state.word, state=state.shape, note=note), on)


def _batch_facts(batch: PrintBatch, codes: int) -> tuple[tuple[str, ...], ...]:
    facts: list[tuple[str, ...]] = [
        ("What", BATCH_WORDS[batch.kind]),
        ("Sheet", batch.sheet),
        ("First label at position", str(batch.start_at)),
        ("Labels", str(codes * batch.copies)),
        ("Print", "Large" if batch.print_size == PrintSize.LARGE else "Clear"),
        ("Printed by", batch.printed_by),
    ]
    if batch.again_of_id is not None:
        facts.append(
            ("Prints again", f"printing {batch.again_of_id}", f"/labels/batches/{batch.again_of_id}", "Look at")
        )
    return tuple(facts)


def _batch_row(batch: PrintBatch) -> tuple[Cell, ...]:
    return (
        Cell(f"{batch.printed_at.astimezone(LONDON):%-d %b %Y, %H:%M}", href=f"/labels/batches/{batch.id}"),
        Cell(BATCH_WORDS[batch.kind], note=f"printing {batch.again_of_id} again" if batch.again_of_id else ""),
        Cell(batch.sheet),
        Cell(str(batch.start_at)),
        Cell(batch.printed_by),
    )
