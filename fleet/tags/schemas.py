"""What the API says of labels and their printing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from fleet.http.acts import DatedAct
from fleet.http.ids import RowId
from fleet.tags.models import PrintBatch, PrintJob, Tag
from fleet.tags.printers import NewPrinter
from fleet.tags.printing import MOST_COPIES, MOST_LABELS, PrintedTag
from fleet.tags.rules import MadeAs, TagState, shown
from fleet.tags.rules.printing import RAW_PORT, BatchKind, Condition, Language, PrintJobState, Way
from labels.frames import PrintSize


class TagOut(BaseModel):
    """A code, and the tablet it belongs to."""

    code: str = Field(examples=["K7F3-QX"])
    state: TagState = Field(description="`blank` can be claimed; `replaced` leads to its tablet; `void` to nothing.")
    kind: MadeAs = Field(description="Whether it was made for a tablet, or as a blank label to be claimed.")
    tablet_id: int | None
    replaced_by: str | None = Field(description="The code that took its place.", examples=["M2P9-TA"])
    made_at: datetime
    printed_at: datetime | None
    attached_at: datetime | None = Field(description="When it was claimed for its tablet, or made for it.")
    confirmed_at: datetime | None = Field(description="When it was scanned back from its own tablet.")
    replaced_at: datetime | None
    replace_reason: str
    void_reason: str

    @classmethod
    def of(cls, tag: Tag, replaced_by: str) -> TagOut:
        return cls(
            code=shown(tag.code),
            state=tag.state,
            kind=tag.made_as,
            tablet_id=tag.tablet_id,
            replaced_by=replaced_by or None,
            void_reason=tag.void_reason,
            made_at=tag.made_at,
            printed_at=tag.printed_at,
            attached_at=tag.attached_at,
            confirmed_at=tag.confirmed_at,
            replaced_at=tag.replaced_at,
            replace_reason=tag.replace_reason,
        )


class ConfirmIn(DatedAct):
    """A label was scanned back from the tablet in hand. The same `client_id` twice changes nothing."""

    tablet_id: RowId


class ClaimIn(DatedAct):
    """A blank label was stuck on this tablet, named by its number or by its serial."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"serial": "R52N80ABCDE", "client_id": "5f0c1f4e-phone-3"}, {"tablet_id": 12}]}
    )

    tablet_id: RowId | None = None
    serial: str | None = Field(None, min_length=1, max_length=64, description="The maker's serial, in any capitals.")


class PrintIn(BaseModel):
    """Labels for these tablets or for what goes with them (those without a code get one), or so many blank ones to be
    claimed later."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"tablet_ids": [12, 13], "sheet": "L7160", "start_at": 4},
                {"kind": "blank", "count": 50, "sheet": "L4776"},
                {"kind": "charger", "tablet_ids": [12, 13], "printer": 1},
            ]
        }
    )

    kind: BatchKind = Field(BatchKind.TABLET, description="`blank` needs a `count`, all others `tablet_ids`.")
    tablet_ids: list[RowId] = Field(default_factory=list, max_length=500)
    count: int | None = Field(None, ge=1, le=MOST_LABELS, description="How many blank labels.")
    sheet: str = Field("L7160", max_length=40, description="A sheet by its maker's name.", examples=["L7160", "L4776"])
    start_at: int = Field(1, ge=1, le=500, description="First unused position of the sheet, row by row from 1.")
    copies: int = Field(1, ge=1, le=MOST_COPIES, description="Labels of each code: tablet, charger, case, bag.")
    print_size: PrintSize = Field(PrintSize.CLEAR, description="`large` prints the code in 16 points or more.")

    printer: RowId | None = Field(None, description="Send it to this printer at once; see `/printers`.")

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.kind is not BatchKind.BLANK and (not self.tablet_ids or self.count is not None):
            raise ValueError("Give tablet_ids, and no count, for labels that carry a tablet's code.")
        if self.kind is BatchKind.BLANK and (self.tablet_ids or self.count is None):
            raise ValueError("Give a count, and no tablet_ids, for blank labels.")
        return self


class PrintAgainIn(BaseModel):
    """The batch once more, from the label after the last good one on."""

    last_good: int = Field(0, ge=0, le=100_000, description="Number of the last label that came out well; 0 for none.")
    start_at: int = Field(1, ge=1, le=500, description="First unused position of the sheet, row by row from 1.")


class VoidIn(BaseModel):
    """Labels of this batch were lost: nobody may claim those that are still blank."""

    reason: str = Field(max_length=500, examples=["The roll was left on the bus."])
    first: int = Field(1, ge=1, le=100_000, description="Number of the first label that was lost.")
    last: int | None = Field(None, ge=1, le=100_000, description="Number of the last one; none for all that follow.")


class PrintedLabelOut(TagOut):
    """A label of a batch by its number, counted from 1 in the order of printing, copies included."""

    number: int

    @classmethod
    def at(cls, printed: PrintedTag) -> PrintedLabelOut:
        return cls(number=printed.number, **TagOut.of(printed.tag, printed.replaced_by).model_dump())


class BatchSummary(BaseModel):
    """What was printed, when and by whom; the PDF is at `pdf_url`."""

    id: int
    kind: BatchKind
    sheet: str
    start_at: int
    copies: int
    print_size: PrintSize
    printed_at: datetime
    printed_by: str
    again_of_id: int | None
    pdf_url: str = Field(examples=["/api/v1/print-batches/1/pdf"])

    @classmethod
    def short(cls, batch: PrintBatch) -> BatchSummary:
        return BatchSummary(
            id=batch.id,
            kind=batch.kind,
            sheet=batch.sheet,
            start_at=batch.start_at,
            copies=batch.copies,
            print_size=PrintSize(batch.print_size),
            printed_at=batch.printed_at,
            printed_by=batch.printed_by,
            again_of_id=batch.again_of_id,
            pdf_url=f"/api/v1/print-batches/{batch.id}/pdf",
        )


class PrintJobOut(BaseModel):
    """One sending to a printer. That it was sent does not say that a label is on its tablet: see `confirmed_at`."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    printer_id: int
    batch_id: int | None = Field(description="Nothing for a test print.")
    state: PrintJobState
    labels: int
    asked_at: datetime
    asked_by: str
    ended_at: datetime | None
    sent_bytes: int
    may_be_out: bool = Field(description="Whether some labels may have come out although it failed.")
    why: str = Field(description="Why it was not sent, or what the printer said at the end; a sentence.")


class PrintBatchOut(BatchSummary):
    """A batch with its labels in the order they were printed, and what was sent to printers."""

    tags: list[PrintedLabelOut]
    jobs: list[PrintJobOut]

    @classmethod
    def of(cls, batch: PrintBatch, labels: Sequence[PrintedTag], jobs: Sequence[PrintJob]) -> PrintBatchOut:
        return cls(
            tags=[PrintedLabelOut.at(label) for label in labels],
            jobs=[PrintJobOut.model_validate(job) for job in jobs],
            **BatchSummary.short(batch).model_dump(),
        )


class SendIn(BaseModel):
    """Send a batch to a printer. What was sent before goes out a second time only when `twice` says so."""

    printer: RowId = Field(examples=[1])
    twice: bool = False


class PrinterIn(BaseModel):
    """A printer of the hub: how bytes reach it, what it understands, and what is in it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "name": "Labels at the front desk",
                    "way": "raw",
                    "language": "zpl",
                    "media": "ZEBRA-50x30",
                    "host": "192.168.1.40",
                }
            ]
        }
    )

    name: str = Field(max_length=60)
    way: Way = Field(description="`raw` needs `host`, `cups` a `queue`; `browser` prints PDF and nothing is sent.")
    language: Language
    media: str = Field(max_length=40, description="The sheet or roll that is in it, by name.")
    host: str = Field("", max_length=45, description="An IP address in the hub's own network.")
    port: int = Field(RAW_PORT, ge=1, le=65_535)
    queue: str = Field("", max_length=127, description="A queue of the computer that runs the worker.")
    nudge_right: Decimal = Field(Decimal(0), ge=-10, le=10, decimal_places=1, description="Millimetres.")
    nudge_down: Decimal = Field(Decimal(0), ge=-10, le=10, decimal_places=1, description="Millimetres.")

    def asked(self) -> NewPrinter:
        given = self.model_dump(exclude={"nudge_right", "nudge_down"})
        return NewPrinter(**given, nudge_right=int(self.nudge_right * 10), nudge_down=int(self.nudge_down * 10))


class PrinterOut(BaseModel):
    """A printer, and what it last said of itself."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str = Field(examples=["Labels at the front desk"])
    way: Way
    language: Language
    media: str = Field(description="The sheet or roll that is in it.", examples=["ZEBRA-50x30"])
    host: str
    port: int
    queue: str
    out_of_use_at: datetime | None
    condition: Condition
    says: str
    asked_at: datetime | None


class PrintBatchList(BaseModel):
    """Print batches, a page at a time, the latest first."""

    items: list[BatchSummary]
    total: int
    page: int
    page_count: int
