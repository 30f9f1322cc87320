"""Programmes with their loan policy, cohorts and their plan, and the days on which each hub is open."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fleet.cohorts.calendar import SpecialDays
from fleet.cohorts.plan import DateKind as DateKind
from fleet.cohorts.rules import TURNAROUND_DAYS, LoanPolicy
from fleet.database.base import Base, IntId, word_column


class Programme(Base):
    """A funded scheme and its stated policy: how long, how often extended, with or without data."""

    __tablename__ = "programme"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    taster_days: Mapped[int] = mapped_column(default=28)
    taster_months: Mapped[int | None]
    max_extensions: Mapped[int] = mapped_column(default=2)
    extension_days: Mapped[int] = mapped_column(default=28)
    longest_days: Mapped[int | None]
    extend_from_days: Mapped[int | None]
    grace_days: Mapped[int] = mapped_column(default=2)
    bundle_required: Mapped[bool] = mapped_column(default=True)
    open_loans_per_person: Mapped[int] = mapped_column(default=1)
    gifts_allowed: Mapped[bool] = mapped_column(default=False)
    min_age: Mapped[int] = mapped_column(default=0)
    areas: Mapped[list[str]] = mapped_column(default=list)
    barriers: Mapped[list[str]] = mapped_column(default=list)
    outcomes: Mapped[list[str]] = mapped_column(default=list)
    turnaround_days: Mapped[int] = mapped_column(default=TURNAROUND_DAYS)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("hub_id", "name"),)

    @property
    def policy(self) -> LoanPolicy:
        """The policy, as the rules read it."""
        return LoanPolicy(
            taster_days=self.taster_days,
            taster_months=self.taster_months,
            max_extensions=self.max_extensions,
            extension_days=self.extension_days,
            longest_days=self.longest_days,
            extend_from_days=self.extend_from_days,
            grace_days=self.grace_days,
            bundle_required=self.bundle_required,
            open_loans_per_person=self.open_loans_per_person,
            gifts_allowed=self.gifts_allowed,
            min_age=self.min_age,
            areas=tuple(self.areas),
            barriers=tuple(self.barriers),
            turnaround_days=self.turnaround_days,
            outcomes=tuple(self.outcomes),
        )


class ProgrammeFunder(Base):
    """One who pays for a programme, and for what of it. Which tablet or bundle somebody paid for stands with that."""

    __tablename__ = "programme_funder"

    id: Mapped[IntId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    funder_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    note: Mapped[str] = mapped_column(String(120), default="")
    place: Mapped[int]

    __table_args__ = (UniqueConstraint("programme_id", "funder_id"),)


class ProgrammeGathering(Base):
    """A gathering that the tablets of a programme carry where nobody chose others for a loan."""

    __tablename__ = "programme_gathering"

    id: Mapped[IntId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"))
    place: Mapped[int]

    __table_args__ = (UniqueConstraint("programme_id", "gathering_id"),)


class Cohort(Base):
    """A taster month: people who begin and end together. Dates are local to the hub."""

    __tablename__ = "cohort"

    id: Mapped[IntId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    places: Mapped[int]
    kept_because: Mapped[str] = mapped_column(Text, default="")
    """Why its first day was kept though it stands out of order in the plan it came with; empty where it does not."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    """When its name, its days or its places were last set right."""

    __table_args__ = (
        UniqueConstraint("programme_id", "name"),
        CheckConstraint("ends_on > starts_on", name="ends_after_it_starts"),
        CheckConstraint("places > 0", name="has_places"),
        Index("ix_cohort_starts_on", "starts_on"),
        Index("ix_cohort_ends_on", "ends_on"),
    )


class PlanDate(Base):
    """A day of a programme's plan: a milestone, or a day on which a cohort's measures are collected.

    `planned_on` is the day as it was written; where the hub is closed then, it takes place on its next working day.
    """

    __tablename__ = "plan_date"

    id: Mapped[IntId]
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    cohort_id: Mapped[int | None] = mapped_column(ForeignKey("cohort.id"), index=True)
    kind: Mapped[DateKind] = mapped_column(word_column(DateKind))
    planned_on: Mapped[date] = mapped_column(index=True)
    words: Mapped[str] = mapped_column(String(200))
    place: Mapped[int]
    """Where it stood in the plan: dates out of order stay where they were written."""
    kept_because: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class OpeningHours(Base):
    """When a hub is open on one weekday (Monday is 0). A hub without any keeps an ordinary week."""

    __tablename__ = "opening_hours"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    weekday: Mapped[int]
    opens_at: Mapped[time]
    closes_at: Mapped[time]

    __table_args__ = (
        UniqueConstraint("hub_id", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="is_a_weekday"),
        CheckConstraint("closes_at > opens_at", name="closes_after_it_opens"),
    )


class Closure(Base):
    """Days on which a hub is closed, or (`opens`) open though it would be closed. Changed by withdrawing it."""

    __tablename__ = "closure"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date]
    name: Mapped[str] = mapped_column(String(120))
    opens: Mapped[bool] = mapped_column(default=False)
    yearly: Mapped[bool] = mapped_column(default=False)
    loans_moved: Mapped[int] = mapped_column(default=0)
    """How many loans were given another due date because of it."""
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    added_by: Mapped[str] = mapped_column(String(120))
    added_at: Mapped[datetime]
    withdrawn_by: Mapped[str] = mapped_column(String(120), default="")
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("last_on >= first_on", name="ends_after_it_begins"),)

    @property
    def days(self) -> SpecialDays:
        """As the calendar reads it."""
        return SpecialDays(self.first_on, self.last_on, self.name, self.opens, self.yearly)
