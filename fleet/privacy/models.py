"""That somebody asked to be forgotten, and that it was done: what stays of a person once nothing else does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.privacy.rules import WhyErase

_COUNTS = text("called_off_at IS NULL")
_WAITS = text("done_at IS NULL AND called_off_at IS NULL")


class Erasure(Base):
    """A decision that a person's record is to go. It waits until nothing of theirs is open, and is then done once."""

    __tablename__ = "erasure"

    id: Mapped[IntId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    why: Mapped[WhyErase] = mapped_column(word_column(WhyErase))
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(40))
    done_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
    called_off_by: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (
        Index("uq_erasure_open", "person_id", unique=True, sqlite_where=_COUNTS, postgresql_where=_COUNTS),
        Index("ix_erasure_waiting", "id", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )
