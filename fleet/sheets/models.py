"""Long files on their way in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.sheets.rules.coming import ComingState


class FileComing(Base):
    """A long file that a worker checks, and keeps whole or not at all.

    `content` (the file) and `found` (what was found in each row) may hold anybody's name or a PIN, so both are sealed,
    and emptied: the content as soon as the file has ended, what was found in it a day after it came.
    """

    __tablename__ = "file_coming"

    id: Mapped[IntId]
    kind: Mapped[str] = mapped_column(String(40))
    state: Mapped[ComingState] = mapped_column(word_column(ComingState))
    content: Mapped[str | None] = mapped_column(Text)
    found: Mapped[str | None] = mapped_column(Text)
    rows: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    """How many rows of what is being done; on SQLite this stands beside the database (fleet/sheets/beside.py)."""
    doing: Mapped[str] = mapped_column(String(40), default="")
    kept: Mapped[int] = mapped_column(default=0)
    why: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused or stopped, in a sentence."""
    source: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_file_coming_user_id_at", "user_id", "at"),)
