"""The ladders of programmes, the ledger of all they asked for, calls, answers, and reasons to leave people in peace."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.chasing.rules import CallOutcome, ChaseState, HoldReason, LanguageChoice
from fleet.database.base import Base, IntId, word_column


class Chase(Base):
    """One rung of the ladder for one due date of one loan: a message, a task for a person, or a rung passed over.

    The database allows each rung once for a due version (rule R7) and one message a day for a person (rule R11).
    No message text is kept here: the rung, the language and the day say which it was.
    """

    __tablename__ = "chase"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_version: Mapped[int]
    due_on: Mapped[date]
    rung: Mapped[str] = mapped_column(String(40))
    stage: Mapped[int]
    state: Mapped[ChaseState] = mapped_column(word_column(ChaseState))
    channel: Mapped[str] = mapped_column(String(20), default="")
    """What a message goes by (``text``); empty for a task."""
    language: Mapped[str] = mapped_column(String(16), default="")
    reference: Mapped[str] = mapped_column(String(40), default="")
    """Our own id for a message, given to the channel, by which it is looked up before it is tried again (rule R10)."""
    message_day: Mapped[date | None]
    failures: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(300), default="")
    """Why it stands as it does, or what a person is to do. Never personal."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    along_with: Mapped[int | None] = mapped_column(ForeignKey("chase.id"), index=True)
    """The entry in whose message this one went too: people hear from us once a day, of everything at once."""

    __table_args__ = (
        UniqueConstraint("loan_id", "due_version", "rung"),
        Index(
            "uq_chase_message_day",
            "person_id",
            "message_day",
            unique=True,
            sqlite_where=text("along_with IS NULL"),
            postgresql_where=text("along_with IS NULL"),
        ),
        Index("ix_chase_person_id_message_day", "person_id", "message_day"),
        Index("ix_chase_message_day", "message_day"),
        Index("ix_chase_state", "state", "id"),
        Index("ix_chase_created_at", "created_at"),
    )


class ChaseLetter(Base):
    """A letter that somebody printed: when, with which others, and whether it was posted since. It holds nothing about
    anybody: a letter is made of the ledger each time it is looked at, and kept nowhere."""

    __tablename__ = "chase_letter"

    id: Mapped[IntId]
    chase_id: Mapped[int] = mapped_column(ForeignKey("chase.id"), unique=True)
    """The entry whose letter it is; those that go along in it have no row."""
    print_ref: Mapped[str] = mapped_column(String(40), index=True)
    """Letters that were printed together have it in common."""
    printed_at: Mapped[datetime]
    printed_by: Mapped[str] = mapped_column(String(120))
    posted_on: Mapped[date | None]
    posted_by: Mapped[str] = mapped_column(String(120), default="")


class ChaseCall(Base):
    """A call that somebody made about a loan, and how it went. Only ever added to."""

    __tablename__ = "chase_call"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), index=True)
    outcome: Mapped[CallOutcome] = mapped_column(word_column(CallOutcome))
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)


class ChaseHold(Base):
    """A coded reason not to chase, until a day (that day included). Lifted or run out, the row stays."""

    __tablename__ = "chase_hold"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[HoldReason] = mapped_column(word_column(HoldReason))
    until: Mapped[date]
    placed_by: Mapped[str] = mapped_column(String(120))
    placed_role: Mapped[str] = mapped_column(String(40))
    placed_at: Mapped[datetime]
    lifted_by: Mapped[str | None] = mapped_column(String(120))
    lifted_at: Mapped[datetime | None]
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)


class ChaseLadder(Base):
    """A programme's own ladder, as it was set on one occasion. The newest counts; the earlier ones stay."""

    __tablename__ = "chase_ladder"

    id: Mapped[IntId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    grace_days: Mapped[int]
    rungs: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    set_by: Mapped[str] = mapped_column(String(120))
    set_role: Mapped[str] = mapped_column(String(40))
    set_at: Mapped[datetime]


class ChaseReply(Base):
    """What somebody answered to a message. Until it is read, nothing is sent to them and nobody rings (domain 4.3)."""

    __tablename__ = "chase_reply"

    id: Mapped[IntId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    channel: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text)
    """Theirs, and nobody else's business: read on the loan's page, never in a log, and emptied with the person."""
    received_at: Mapped[datetime]
    noted_by: Mapped[str] = mapped_column(String(120))
    read_by: Mapped[str | None] = mapped_column(String(120))
    read_at: Mapped[datetime | None]
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)

    __table_args__ = (Index("ix_chase_reply_person_id_read_at", "person_id", "read_at"),)


class ChaseMark(Base):
    """One row: which installation this database belongs to. A copy of it elsewhere sends nothing (rule R9)."""

    __tablename__ = "chase_mark"

    id: Mapped[IntId]
    mark: Mapped[str] = mapped_column(String(32))
    set_by: Mapped[str] = mapped_column(String(120))
    set_at: Mapped[datetime]
    ticks: Mapped[int] = mapped_column(default=0)
    """How often this database has ticked; the folders outside it remember no more than that, unless it is older."""


class ChaseLanguage(Base):
    """How somebody hears from us whose language has only a draft of our messages, or none. The last answer counts."""

    __tablename__ = "chase_language"

    id: Mapped[IntId]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    language: Mapped[str] = mapped_column(String(16))
    """The language that it was answered for: another one asks anew."""
    choice: Mapped[LanguageChoice] = mapped_column(word_column(LanguageChoice))
    set_by: Mapped[str] = mapped_column(String(120))
    set_role: Mapped[str] = mapped_column(String(40))
    set_at: Mapped[datetime]
