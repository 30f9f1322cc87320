"""What the API says of labels and their printing."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from fleet.http.acts import DatedAct
from fleet.http.ids import RowId
from fleet.tags.models import PrintBatch, Tag
from fleet.tags.printing import MOST_COPIES
from fleet.tags.rules import TagState, shown
from labels.frames import PrintSize


class TagOut(BaseModel):
    """A code, and the tablet it belongs to."""

    code: str = Field(examples=["K7F3-QX"])
    state: TagState
    tablet_id: int | None
    made_at: datetime
    printed_at: datetime | None
    confirmed_at: datetime | None = Field(description="When it was scanned back from its own tablet.")
    replaced_at: datetime | None
    replace_reason: str

    @classmethod
    def of(cls, tag: Tag) -> TagOut:
        return cls(
            code=shown(tag.code),
            state=tag.state,
            tablet_id=tag.tablet_id,
            made_at=tag.made_at,
            printed_at=tag.printed_at,
            confirmed_at=tag.confirmed_at,
            replaced_at=tag.replaced_at,
            replace_reason=tag.replace_reason,
        )


class ConfirmIn(DatedAct):
    """A label was scanned back from the tablet in hand. The same `client_id` twice changes nothing."""

    tablet_id: RowId


class PrintIn(BaseModel):
    """Print a label for each of these tablets; those without a code get one."""

    tablet_ids: list[RowId] = Field(min_length=1, max_length=500)
    sheet: str = Field("L7160", max_length=40, description="A sheet by its maker's name.", examples=["L7160", "L4776"])
    start_at: int = Field(1, ge=1, le=500, description="First unused position of the sheet, row by row from 1.")
    copies: int = Field(1, ge=1, le=MOST_COPIES, description="Labels of each code: tablet, charger, case, bag.")
    print_size: PrintSize = Field(PrintSize.CLEAR, description="`large` prints the code in 16 points or more.")


class PrintBatchOut(BaseModel):
    """What was printed, when and by whom; the PDF is at `pdf_url`."""

    id: int
    sheet: str
    start_at: int
    copies: int
    print_size: PrintSize
    printed_at: datetime
    printed_by: str
    again_of_id: int | None
    pdf_url: str = Field(examples=["/api/v1/print-batches/1/pdf"])
    tags: list[TagOut]

    @classmethod
    def of(cls, batch: PrintBatch, tags: list[TagOut]) -> PrintBatchOut:
        return cls(
            id=batch.id,
            sheet=batch.sheet,
            start_at=batch.start_at,
            copies=batch.copies,
            print_size=PrintSize(batch.print_size),
            printed_at=batch.printed_at,
            printed_by=batch.printed_by,
            again_of_id=batch.again_of_id,
            pdf_url=f"/api/v1/print-batches/{batch.id}/pdf",
            tags=tags,
        )
