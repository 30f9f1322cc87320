"""Organisations we work with: hubs that hold stock, referrers, courier organisations, donors, funders and venues."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column


class OrganisationKind(StrEnum):
    HUB = "hub"
    REFERRER = "referrer"
    COURIER = "courier"
    DONOR = "donor"
    FUNDER = "funder"
    VENUE = "venue"
    CARRIER = "carrier"


class Organisation(Base):
    """A partner. For a hub, `nation` chooses the bank holidays and `help_phone` stands on labels and finder pages.

    There may be several hubs; `hub_id` says which of them another partner works with, None the first.
    """

    __tablename__ = "organisation"

    id: Mapped[IntId]
    kind: Mapped[OrganisationKind] = mapped_column(word_column(OrganisationKind))
    name: Mapped[str] = mapped_column(String(120))
    hub_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    help_phone: Mapped[str] = mapped_column(String(30), default="")
    help_hours: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    nation: Mapped[str] = mapped_column(String(3), default="ENG")
    time_zone: Mapped[str] = mapped_column(String(40), default="Europe/London")
    covers: Mapped[list[str]]
    """Outward postcodes a courier organisation covers, such as N19."""
    vehicle_capacity: Mapped[int | None]
    registration: Mapped[str] = mapped_column(String(60), default="")
    """A waste carrier's registration number."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("kind", "name"),)
