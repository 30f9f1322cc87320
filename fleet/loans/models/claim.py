"""What somebody says who says that they gave a tablet back, and what became of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.loans.rules import ClaimOutcome


class ReturnClaim(Base):
    """Claimed returned, which is neither returned nor lost (rule R19): the tablet is looked for until a day, that day
    included, and then somebody decides. At most one claim of a loan is open; the database sees to it.
    """

    __tablename__ = "return_claim"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), index=True)
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"))
    search_until: Mapped[date]
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))
    """Who of ours wrote it down."""
    outcome: Mapped[ClaimOutcome | None] = mapped_column(word_column(ClaimOutcome))
    note: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (
        Index(
            "uq_return_claim_open",
            "loan_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )
