"""What people chose to say of themselves for the figures, apart from everything that decides about them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId


class EqualityAnswer(Base):
    """One answer of one person. The table's name is what the database keeps it apart by (fleet/database/apart.py)."""

    __tablename__ = "equality_answer"

    id: Mapped[IntId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    nation: Mapped[str] = mapped_column(String(3))
    question: Mapped[str] = mapped_column(String(40))
    answer: Mapped[str] = mapped_column(String(40))
    given_on: Mapped[date]

    __table_args__ = (
        UniqueConstraint("person_id", "question"),
        Index("ix_equality_answer_question_answer", "question", "nation", "answer"),
    )
