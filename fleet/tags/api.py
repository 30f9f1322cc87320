"""Labels for programs: look a code up, claim it, confirm it was scanned back, print a batch, fetch its PDF."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.paging import Listed
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tags import printing, queries, service
from fleet.tags.models import PrintBatch, Tag
from fleet.tags.schemas import (
    BatchSummary,
    ClaimIn,
    ConfirmIn,
    PrintAgainIn,
    PrintBatchList,
    PrintBatchOut,
    PrintIn,
    TagOut,
    VoidIn,
)
from fleet.users.access import may
from fleet.users.actor import Actor
from fleet.users.rules import Permission

router = APIRouter(tags=["labels"])

CodeText = Annotated[str, Path(min_length=1, max_length=100, examples=["K7F3-QX"])]
BatchId = RowId
PDF: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/pdf": {}}, "description": "The sheets, ready to print at 100 %."}
}


@router.get("/tags/{code}", dependencies=[Depends(may(Permission.TABLETS_SEE))], responses=responses(404))
def see_tag(code: CodeText, session: ReadSession) -> TagOut:
    """A code, however it was typed: any capitals, with or without its dash."""
    return _tag(session, service.lookup(session, code))


@router.post("/tags/{code}/claim", responses=responses(404, 409))
def claim_tag(
    code: CodeText,
    asked: ClaimIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))],
    clock: ClockDep,
) -> TagOut:
    """Claim a blank label for the tablet it was stuck on. Of two who claim one label, one gets it; the other is
    refused (409) and told whose it is. It still has to be scanned back (`confirm`)."""
    tablet_id = _named_tablet(session, asked)
    return _tag(session, service.claim(session, code, tablet_id, actor=actor, happening=asked.happening(clock())))


@router.post("/tags/{code}/confirm", responses=responses(404, 409))
def confirm_tag(
    code: CodeText,
    asked: ConfirmIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.TABLETS_RECORD))],
    clock: ClockDep,
) -> TagOut:
    """Record that a tablet's own label was scanned back from it. Any other label is refused (409)."""
    happening = asked.happening(clock())
    return _tag(session, service.confirm_scan(session, code, asked.tablet_id, actor=actor, happening=happening))


@router.get("/print-batches", dependencies=[Depends(may(Permission.LABELS_PRINT))], responses=responses())
def list_batches(session: ReadSession, query: Listed) -> PrintBatchList:
    """What was printed, a page at a time. Filter: `kind` (tablet or blank). Sort: `when`, `sheet`, `id`."""
    found = queries.find_batches(session, query)
    items = [BatchSummary.short(batch) for batch in found.items]
    return PrintBatchList(items=items, total=found.total, page=query.page, page_count=found.page_count)


@router.post("/print-batches", status_code=201, responses=responses(404, 409))
def print_labels(
    asked: PrintIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.LABELS_PRINT))],
    settings: SettingsDep,
    clock: ClockDep,
) -> PrintBatchOut:
    """Print labels of tablets, or blank ones; the answer says where the PDF is."""
    wanted = printing.Wanted(asked.sheet, asked.start_at, asked.copies, asked.print_size)
    happening = Happening(clock(), source="api")
    if asked.count is not None:
        batch = printing.print_blanks(
            session, asked.count, wanted=wanted, settings=settings, actor=actor, happening=happening
        )
    else:
        batch = printing.print_labels(
            session, asked.tablet_ids, wanted=wanted, settings=settings, actor=actor, happening=happening
        )
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
    actor: Annotated[Actor, Depends(may(Permission.LABELS_PRINT))],
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
    _actor: Annotated[Actor, Depends(may(Permission.LABELS_PRINT))],
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
    return PrintBatchOut.of(batch, printing.labels_of(session, batch))


def _tag(session: Session, tag: Tag) -> TagOut:
    return TagOut.of(tag, service.replaced_by(session, tag))


def _named_tablet(session: Session, asked: ClaimIn) -> int:
    if (asked.tablet_id is None) is (asked.serial is None):
        raise BadInput("Nothing was claimed.", fields={"tablet_id": "Give either tablet_id or serial."})
    return asked.tablet_id if asked.tablet_id is not None else service.tablet_with_serial(session, asked.serial or "")
