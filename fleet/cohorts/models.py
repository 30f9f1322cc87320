"""Programmes with their loan policy, and cohorts: dated intakes that share an end."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fleet.cohorts.rules import LoanPolicy
from fleet.database.base import Base, IntId


class Programme(Base):
    """A funded scheme and its stated policy: how long, how often extended, with or without data."""

    __tablename__ = "programme"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    funder_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    taster_days: Mapped[int] = mapped_column(default=28)
    taster_months: Mapped[int | None]
    max_extensions: Mapped[int] = mapped_column(default=2)
    extension_days: Mapped[int] = mapped_column(default=28)
    grace_days: Mapped[int] = mapped_column(default=2)
    bundle_required: Mapped[bool] = mapped_column(default=True)
    open_loans_per_person: Mapped[int] = mapped_column(default=1)
    gifts_allowed: Mapped[bool] = mapped_column(default=False)
    min_age: Mapped[int] = mapped_column(default=0)
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
            grace_days=self.grace_days,
            bundle_required=self.bundle_required,
            open_loans_per_person=self.open_loans_per_person,
            gifts_allowed=self.gifts_allowed,
            min_age=self.min_age,
        )


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
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("programme_id", "name"),
        CheckConstraint("ends_on > starts_on", name="ends_after_it_starts"),
        CheckConstraint("places > 0", name="has_places"),
    )
