"""What only counts once a second person agrees."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.loans.rules import LoanMove, LookKind

_OPEN = text("decided_at IS NULL")
_OPEN_OF_PERSON = text("decided_at IS NULL AND loan_id IS NULL")


class SecondLook(Base):
    """One person asked for something that must not be done by one alone; it waits until somebody else decides.

    A loss names the tablet and the move as they were when it was asked for, so that nobody agrees to another.
    """

    __tablename__ = "second_look"

    id: Mapped[IntId]
    kind: Mapped[LookKind] = mapped_column(word_column(LookKind))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"), index=True)
    """None for what is about the person and not about one loan."""
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"))
    move: Mapped[LoanMove | None] = mapped_column(word_column(LoanMove))
    reason: Mapped[str] = mapped_column(Text)
    reference: Mapped[str] = mapped_column(String(60), default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[int]
    asked_by: Mapped[str] = mapped_column(String(120))
    asked_role: Mapped[str] = mapped_column(String(40))
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None]
    decided_by: Mapped[str] = mapped_column(String(120), default="")
    agreed: Mapped[bool | None]

    __table_args__ = (
        Index("uq_second_look_loan", "loan_id", "move", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index(
            "uq_second_look_person",
            "person_id",
            unique=True,
            sqlite_where=_OPEN_OF_PERSON,
            postgresql_where=_OPEN_OF_PERSON,
        ),
        Index("ix_second_look_open", "asked_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )
