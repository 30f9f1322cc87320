"""Print batches and print jobs for programs: print, fetch the PDF, send to a printer, go on after a jam."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Response
from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.routes import ApiRouter
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tags import print_jobs, printing, queries
from fleet.tags.models import PrintBatch
from fleet.tags.schemas import (
    BatchSummary,
    PrintAgainIn,
    PrintBatchList,
    PrintBatchOut,
    PrintIn,
    PrintJobOut,
    SendIn,
    VoidIn,
)
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = ApiRouter(tags=["labels"])

BatchId = RowId
Prints = Annotated[Actor, Depends(may(Permission.LABELS_PRINT))]
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "The sheets, ready to print at 100 %."}
}


@router.get("/print-batches", dependencies=[Depends(may(Permission.LABELS_PRINT))], responses=responses())
def list_batches(session: ReadSession, query: Listed) -> PrintBatchList:
    """What was printed, a page at a time. Filter: `kind`. Sort: `when`, `sheet`, `id`."""
    found = queries.find_batches(session, query)
    items = [BatchSummary.short(batch) for batch in found.items]
    return PrintBatchList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/print-batches", status_code=201, responses=responses(404, 409))
def print_labels(
    asked: PrintIn,
    session: WriteSession,
    actor: Prints,
    settings: SettingsDep,
    clock: ClockDep,
) -> PrintBatchOut:
    """Print labels of tablets, of what goes with them, or blank ones; the answer says where the PDF is."""
    on_sheet = printing.Wanted(asked.sheet, asked.start_at, asked.copies, asked.print_size)
    wanted = print_jobs.on_its_roll(session, on_sheet, asked.printer)
    happening = Happening(clock(), source="api")
    if asked.count is not None:
        batch = printing.print_blanks(
            session, asked.count, wanted=wanted, settings=settings, actor=actor, happening=happening
        )
    else:
        batch = printing.print_labels(
            session,
            asked.tablet_ids,
            kind=asked.kind,
            wanted=wanted,
            settings=settings,
            actor=actor,
            happening=happening,
        )
    if asked.printer is not None:
        print_jobs.send_batch(session, batch.id, asked.printer, actor=actor, now=clock())
    return _shown(session, batch)


@router.get("/print-batches/{batch_id}", dependencies=[Depends(may(Permission.LABELS_PRINT))], responses=responses(404))
def see_batch(batch_id: BatchId, session: ReadSession) -> PrintBatchOut:
    """What was printed, when and by whom."""
    return _shown(session, printing.get_batch(session, batch_id))


@router.post("/print-batches/{batch_id}/again", status_code=201, responses=responses(404, 409))
def print_again(
    batch_id: BatchId,
    asked: PrintAgainIn,
    session: WriteSession,
    actor: Prints,
    settings: SettingsDep,
    clock: ClockDep,
) -> PrintBatchOut:
    """Print a batch once more from where the printer jammed; a batch of its own."""
    batch = printing.print_again(
        session,
        batch_id,
        start_at=asked.start_at,
        last_good=asked.last_good,
        settings=settings,
        actor=actor,
        happening=Happening(clock(), source="api"),
    )
    return _shown(session, batch)


@router.post("/print-batches/{batch_id}/void", responses=responses(404, 409))
def void_labels(
    batch_id: BatchId,
    asked: VoidIn,
    session: WriteSession,
    _actor: Prints,
    clock: ClockDep,
) -> PrintBatchOut:
    """Make the blank labels of a lost roll void. Labels that are on a tablet stay what they are."""
    happening = Happening(clock(), source="api")
    printing.void_labels(
        session, batch_id, first=asked.first, last=asked.last, reason=asked.reason, happening=happening
    )
    return _shown(session, printing.get_batch(session, batch_id))


@router.get(
    "/print-batches/{batch_id}/pdf",
    dependencies=[Depends(may(Permission.LABELS_PRINT))],
    response_class=Response,
    responses={**responses(404, 409), **PDF},
)
def batch_pdf(batch_id: BatchId, session: ReadSession, settings: SettingsDep) -> Response:
    """The batch's sheets as PDF, without labels that were replaced since."""
    return pdf_response(printing.pdf_of(session, batch_id, settings=settings), batch_id)


def pdf_response(pdf: bytes, batch_id: int) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="labels-{batch_id}.pdf"', "Cache-Control": "no-store"}
    return Response(pdf, media_type="application/pdf", headers=headers)


def _shown(session: Session, batch: PrintBatch) -> PrintBatchOut:
    return PrintBatchOut.of(batch, printing.labels_of(session, batch), queries.jobs_of_batch(session, batch.id))


@router.post("/print-batches/{batch_id}/send", status_code=202, responses=responses(404, 409))
def send_batch(batch_id: BatchId, asked: SendIn, session: WriteSession, actor: Prints, clock: ClockDep) -> PrintJobOut:
    """Send a batch to a printer. Answers at once; `GET /print-batches/{batch_id}` says what came of it."""
    job = print_jobs.send_batch(session, batch_id, asked.printer, twice=asked.twice, actor=actor, now=clock())
    return PrintJobOut.model_validate(job)


@router.post("/print-jobs/{job_id}/again", status_code=202, responses=responses(404, 409))
def send_again(job_id: RowId, session: WriteSession, _actor: Prints, clock: ClockDep) -> PrintJobOut:
    """Send once more what failed before any of it had left (409 otherwise: print from the last good label on)."""
    return PrintJobOut.model_validate(print_jobs.send_again(session, job_id, now=clock()))


@router.post("/print-jobs/{job_id}/set-aside", responses=responses(404, 409))
def set_aside(job_id: RowId, session: WriteSession, _actor: Prints, clock: ClockDep) -> PrintJobOut:
    """These labels wait for their printer no longer."""
    return PrintJobOut.model_validate(print_jobs.set_aside(session, job_id, now=clock()))
