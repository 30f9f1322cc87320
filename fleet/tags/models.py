"""Codes on labels, what was printed when, the printers, and what was sent to them. A code is never used again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.tags.rules import MadeAs, TagState
from fleet.tags.rules.printing import BatchKind, Condition, Language, PrintJobState, Way


class Tag(Base):
    """A code, kept without its dash. A tablet has at most one that is attached; those it had before stay findable."""

    __tablename__ = "tag"

    id: Mapped[IntId]
    code: Mapped[str] = mapped_column(String(6), unique=True)
    state: Mapped[TagState] = mapped_column(word_column(TagState), default=TagState.BLANK)
    made_as: Mapped[MadeAs] = mapped_column(word_column(MadeAs), default=MadeAs.TABLET)
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"), index=True)
    made_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    attached_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    replace_reason: Mapped[str] = mapped_column(Text, default="")
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("tag.id"))
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index(
            "uq_tag_attached_tablet",
            "tablet_id",
            unique=True,
            sqlite_where=text("state = 'attached'"),
            postgresql_where=text("state = 'attached'"),
        ),
        CheckConstraint("(state IN ('blank', 'void')) = (tablet_id IS NULL)", name="blank_has_no_tablet"),
    )


class PrintBatch(Base):
    """One printing of labels: on which sheet, from which position, by whom. Printing again makes another."""

    __tablename__ = "print_batch"

    id: Mapped[IntId]
    kind: Mapped[BatchKind] = mapped_column(word_column(BatchKind), default=BatchKind.TABLET)
    hub_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """Whose phone is on those that are on no tablet yet; empty for batches of the time when there was one hub."""
    sheet: Mapped[str] = mapped_column(String(40))
    start_at: Mapped[int]
    copies: Mapped[int] = mapped_column(default=1)
    print_size: Mapped[str] = mapped_column(String(10), default="clear")
    printed_at: Mapped[datetime]
    printed_by: Mapped[str] = mapped_column(String(120))
    again_of_id: Mapped[int | None] = mapped_column(ForeignKey("print_batch.id"))


class PrintedLabel(Base):
    """A tag's place in the order of a batch, from 0."""

    __tablename__ = "printed_label"

    batch_id: Mapped[int] = mapped_column(ForeignKey("print_batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id"), index=True)


class Printer(Base):
    """A printer of a hub: how bytes reach it, what it understands, and what it last said of itself."""

    __tablename__ = "printer"

    id: Mapped[IntId]
    name: Mapped[str] = mapped_column(String(60), unique=True)
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    way: Mapped[Way] = mapped_column(word_column(Way))
    host: Mapped[str] = mapped_column(String(45), default="")
    port: Mapped[int]
    queue: Mapped[str] = mapped_column(String(127), default="")
    language: Mapped[Language] = mapped_column(word_column(Language))
    media: Mapped[str] = mapped_column(String(40))
    """The sheet or roll that is in it, by name."""
    nudge_right: Mapped[int] = mapped_column(default=0)
    """Tenths of a millimetre, as `nudge_down`."""
    nudge_down: Mapped[int] = mapped_column(default=0)
    condition: Mapped[Condition] = mapped_column(word_column(Condition), default=Condition.UNKNOWN)
    says: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime | None]
    """When it was last spoken to."""
    out_of_use_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class PrintJob(Base):
    """One sending of a batch, or of a test print, to a printer; what was sent, and in words why it was not."""

    __tablename__ = "print_job"

    id: Mapped[IntId]
    printer_id: Mapped[int] = mapped_column(ForeignKey("printer.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("print_batch.id"), index=True)
    """Nothing for a test print."""
    state: Mapped[PrintJobState] = mapped_column(word_column(PrintJobState), default=PrintJobState.QUEUED)
    labels: Mapped[int]
    attempt: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(120))
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    may_be_out: Mapped[bool] = mapped_column(default=False)
    """Whether some of its labels may have come out, although it was not sent to the end."""
    sent_bytes: Mapped[int] = mapped_column(default=0)
    sent_sha256: Mapped[str] = mapped_column(String(64), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    """Why it was not sent, or what the printer said once it had everything."""

    __table_args__ = (Index("ix_print_job_state", "state"),)
