"""The answers that were given to requests with a key."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId


class KeptAnswer(Base):
    """What one user's request with a key was answered. The row is committed with whatever the request did, or neither.

    The key itself is not kept: `key_digest` finds the row, and `sealed` opens only for whoever sends the key again.
    """

    __tablename__ = "kept_answer"

    id: Mapped[IntId]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    key_digest: Mapped[str] = mapped_column(String(64))
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    sealed: Mapped[str | None] = mapped_column(Text)
    """None when the answer was a file, too large, or marked `no-store`."""
    at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("user_id", "key_digest"),)
