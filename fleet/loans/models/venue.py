"""Several tablets lent together to a custodian at a partner's place."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId


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
