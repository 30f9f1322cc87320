"""The loan, every due date it was given, and its append-only log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.database.log import Told
from fleet.loans.rules import (
    AskedBy,
    DeclineReason,
    GoesOn,
    HandedTo,
    LoanKind,
    LoanState,
    MovedBecause,
    SafeAtHome,
    StopReason,
)


class Loan(Base):
    """One person's request and what became of it, from the asking to the giving back.

    `due_on` is a local date of the hub and runs only while the person has the tablet; it is set at the hand-over and
    never before. `wanted_due_on` is what a coordinator asked for at the allocation.
    """

    __tablename__ = "loan"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    asked_by: Mapped[AskedBy] = mapped_column(word_column(AskedBy), default=AskedBy.STAFF)
    kind: Mapped[LoanKind] = mapped_column(word_column(LoanKind), default=LoanKind.TABLET)
    venue_loan_id: Mapped[int | None] = mapped_column(ForeignKey("venue_loan.id"), index=True)
    """The venue loan whose tablet this is one of."""
    state: Mapped[LoanState] = mapped_column(word_column(LoanState), default=LoanState.REQUESTED)
    barriers: Mapped[list[str]]
    safe_at_home: Mapped[SafeAtHome | None] = mapped_column(word_column(SafeAtHome))
    requested_at: Mapped[datetime]
    decline_reason: Mapped[DeclineReason | None] = mapped_column(word_column(DeclineReason))
    allocated_at: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]
    doorstep_phrase: Mapped[str] = mapped_column(String(40), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    wanted_due_on: Mapped[date | None]
    started_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    due_on: Mapped[date | None]
    due_version: Mapped[int] = mapped_column(default=0)
    handed_to: Mapped[HandedTo | None] = mapped_column(word_column(HandedTo))
    agreement_accepted_at: Mapped[datetime | None]
    swap_tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"))
    """The tablet kept for the person instead of the one they have, until they have it or it is released."""
    return_arranged_at: Mapped[datetime | None]
    returned_on: Mapped[date | None]
    """The local day on which the clock stopped: the first scan that took the tablet back."""
    condition: Mapped[str] = mapped_column(String(20), default="")
    kit_missing: Mapped[str] = mapped_column(String(200), default="")
    sim_in_tray: Mapped[bool | None]
    stop_reason: Mapped[StopReason | None] = mapped_column(word_column(StopReason))
    stopped_at: Mapped[datetime | None]
    stop_lifted_at: Mapped[datetime | None]
    """When a stop was taken back: what was asked for before that is not asked for any more."""
    lost_reference: Mapped[str] = mapped_column(String(60), default="")
    """The number of a police report or of an incident, where there is one."""
    gift_authority: Mapped[str] = mapped_column(String(120), default="")
    """Who allowed the tablet to be given for good."""
    goes_on_to: Mapped[GoesOn | None] = mapped_column(word_column(GoesOn))
    closed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_loan_hub_id_state_due_on", "hub_id", "state", "due_on"),
        Index("ix_loan_state_due_on", "state", "due_on"),
        Index("ix_loan_due_on", "due_on"),
        Index("ix_loan_programme_id_state_due_on", "programme_id", "state", "due_on", "id"),
        Index(
            "ix_loan_waits",
            "requested_at",
            "id",
            sqlite_where=text("state IN ('waiting', 'approved')"),
            postgresql_where=text("state IN ('waiting', 'approved')"),
        ),
        Index("uq_loan_swap_tablet_id", "swap_tablet_id", unique=True),
    )


class DueVersion(Base):
    """A due date a loan was given, with who and why. Extensions add rows; none is changed or deleted (rule R5)."""

    __tablename__ = "loan_due_version"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    number: Mapped[int]
    due_on: Mapped[date]
    days_late_before: Mapped[int] = mapped_column(default=0)
    """How late the loan was when this date was given: an extension never wipes that out."""
    beyond_number: Mapped[bool] = mapped_column(default=False)
    """Given beyond the programme's number of extensions."""
    beyond_length: Mapped[bool] = mapped_column(default=False)
    """Given beyond the longest loan of the programme."""
    beyond_need: Mapped[bool] = mapped_column(default=False)
    """Given although others needed a tablet of its kind and no other stock could be theirs (rule R6)."""
    beyond_early: Mapped[bool] = mapped_column(default=False)
    """Given sooner before the due date than the programme lets it be asked for."""
    moved_because: Mapped[MovedBecause | None] = mapped_column(word_column(MovedBecause))
    """Why the hub moved the day, where nobody asked for it: the person is told of such a day (rule R3)."""
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(120))
    set_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("loan_id", "number"),
        Index(
            "ix_loan_due_version_beyond",
            "loan_id",
            sqlite_where=text("beyond_number OR beyond_length OR beyond_need OR beyond_early"),
            postgresql_where=text("beyond_number OR beyond_length OR beyond_need OR beyond_early"),
        ),
        Index(
            "ix_loan_due_version_moved",
            "due_on",
            "loan_id",
            sqlite_where=text("moved_because IS NOT NULL"),
            postgresql_where=text("moved_because IS NOT NULL"),
        ),
    )


class LoanEvent(Told, Base):
    """Something that happened to a loan. Only ever added to: rows are neither changed nor deleted."""

    __tablename__ = "loan_event"

    id: Mapped[IntId]
    loan_id: Mapped[int] = mapped_column(ForeignKey("loan.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[LoanState] = mapped_column(word_column(LoanState))
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"))
    details: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_loan_event_loan_id_id", "loan_id", "id"),)
