"""Codes on labels, and what was printed when. A code is never used again, whatever becomes of its tablet."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.tags.rules import TagState


class Tag(Base):
    """A code, kept without its dash. A tablet has at most one that is attached; those it had before stay findable."""

    __tablename__ = "tag"

    id: Mapped[IntId]
    code: Mapped[str] = mapped_column(String(6), unique=True)
    state: Mapped[TagState] = mapped_column(word_column(TagState), default=TagState.BLANK)
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"), index=True)
    made_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    replaced_at: Mapped[datetime | None]
    replace_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index(
            "uq_tag_attached_tablet",
            "tablet_id",
            unique=True,
            sqlite_where=text("state = 'attached'"),
            postgresql_where=text("state = 'attached'"),
        ),
        CheckConstraint("(state = 'blank') = (tablet_id IS NULL)", name="blank_has_no_tablet"),
    )


class PrintBatch(Base):
    """One printing of labels: on which sheet, from which position, by whom. Printing again makes another."""

    __tablename__ = "print_batch"

    id: Mapped[IntId]
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
