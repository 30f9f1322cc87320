"""What borrowers agree to, and what was decided where their language has no papers."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.loans.rules import MissingLanguage


class AgreementText(Base):
    """What a programme asks borrowers to agree to, in one language. Only ever added to: a change is another version.

    `hub` and `phone` may stand in it as $names. A programme without a text of its own uses the one that is shipped.
    """

    __tablename__ = "agreement_text"

    id: Mapped[IntId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    language: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(String(120))
    lead: Mapped[str] = mapped_column(Text)
    terms: Mapped[list[str]]
    accept: Mapped[str] = mapped_column(Text)
    reviewed: Mapped[bool] = mapped_column(default=False)
    """Whether a reader whose language it is has looked at it."""
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("programme_id", "language", "version"),)


class LoanAgreement(Base):
    """The exact words of one loan's agreement, as they are printed and read out. It names nobody.

    It may be made again until it is accepted; from then on the database refuses any change, but that a hand-over which
    never was is taken back once: then another one is made. When it was accepted is on the loan, because that may be
    told late.
    """

    __tablename__ = "loan_agreement"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), index=True)
    language: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(120))
    """Whose text it is: a programme's name, or Doorstep's own."""
    version: Mapped[int]
    reviewed: Mapped[bool]
    title: Mapped[str] = mapped_column(String(120))
    lead: Mapped[str] = mapped_column(Text)
    terms: Mapped[list[str]]
    accept: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 over the words, in hex."""
    made_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    tablet_code: Mapped[str] = mapped_column(String(20), default="")
    give_back_on: Mapped[date | None]
    """What the paper says of tablet and day once it is accepted; before that, the loan says it."""
    taken_back_at: Mapped[datetime | None]
    """When somebody said that it was accepted by mistake, because nothing was handed over."""

    __table_args__ = (
        Index(
            "uq_loan_agreement_current",
            "loan_id",
            unique=True,
            sqlite_where=text("taken_back_at IS NULL"),
            postgresql_where=text("taken_back_at IS NULL"),
        ),
    )


class LanguageAnswer(Base):
    """What somebody decided for a loan whose person reads a language that has no papers yet."""

    __tablename__ = "loan_language_answer"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), unique=True)
    language: Mapped[str] = mapped_column(String(16))
    """The language that was missing: another one asks anew."""
    answer: Mapped[MissingLanguage] = mapped_column(word_column(MissingLanguage))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(120))
    answered_at: Mapped[datetime]
