"""Labels for programs: look a code up, confirm it was scanned back, print a batch, fetch its PDF."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.http.errors import responses
from fleet.http.ids import RowId
from fleet.http.session import ClockDep, ReadSession, SettingsDep, WriteSession
from fleet.tags import printing, queries, service
from fleet.tags.models import PrintBatch
from fleet.tags.schemas import ConfirmIn, PrintBatchOut, PrintIn, TagOut
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
    return TagOut.of(service.lookup(session, code))


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
    return TagOut.of(service.confirm_scan(session, code, asked.tablet_id, actor=actor, happening=happening))


@router.post("/print-batches", status_code=201, responses=responses(404, 409))
def print_labels(
    asked: PrintIn,
    session: WriteSession,
    actor: Annotated[Actor, Depends(may(Permission.LABELS_PRINT))],
    settings: SettingsDep,
    clock: ClockDep,
) -> PrintBatchOut:
    """Print labels; the answer says where the PDF is."""
    wanted = printing.Wanted(asked.sheet, asked.start_at, asked.copies, asked.print_size)
    happening = Happening(now=clock(), source="api")
    batch = printing.print_labels(
        session, asked.tablet_ids, wanted=wanted, settings=settings, actor=actor, happening=happening
    )
    return _shown(session, batch)


@router.get("/print-batches/{batch_id}", dependencies=[Depends(may(Permission.LABELS_PRINT))], responses=responses(404))
def see_batch(batch_id: BatchId, session: ReadSession) -> PrintBatchOut:
    """What was printed, when and by whom."""
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
    return PrintBatchOut.of(batch, [TagOut.of(tag) for tag in queries.tags_of_batch(session, batch.id)])
