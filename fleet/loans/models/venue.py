"""Several tablets lent together to a custodian at a partner's place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.loans.rules import WhyAnother


class VenueLoan(Base):
    """What a custodian at a partner's place has borrowed. Each tablet is a loan of its own, in the custodian's name, so
    that it is delivered, swapped, lost and given back by itself; all of them are due on one day.
    """

    __tablename__ = "venue_loan"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    """The custodian: the one person who is written to about these tablets."""
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    due_on: Mapped[date]
    made_at: Mapped[datetime]


class VenueCustodian(Base):
    """Who looked after the tablets of a venue loan, from which day on. Only ever added to: the last one counts."""

    __tablename__ = "venue_custodian"

    id: Mapped[IntId]
    venue_loan_id: Mapped[int] = mapped_column(ForeignKey("venue_loan.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    from_on: Mapped[date]
    why: Mapped[WhyAnother | None] = mapped_column(word_column(WhyAnother))
    """Why somebody else took over; None for the first."""
    agreed_at: Mapped[datetime | None]
    """When they said yes to the agreement, where tablets were with their place already."""
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(120))
    set_at: Mapped[datetime]
