"""Consignments of tablets to a waste carrier, what is in each, and the log of what was done with it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.database.log import Told
from fleet.recycling.rules import ConsignmentKind, ConsignmentState, ReceiverBasis


class Consignment(Base):
    """Tablets that leave together with one carrier, and what the note that goes with them says.

    `carrier_name` and `carrier_registration` are what stood in the carrier's record as it was packed: the note does not
    change with the record.
    """

    __tablename__ = "consignment"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[ConsignmentKind] = mapped_column(word_column(ConsignmentKind))
    state: Mapped[ConsignmentState] = mapped_column(word_column(ConsignmentState), default=ConsignmentState.OPEN)
    carrier_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    carrier_name: Mapped[str] = mapped_column(String(120), default="")
    carrier_registration: Mapped[str] = mapped_column(String(60), default="")
    register_checked_on: Mapped[date | None]
    receiver_name: Mapped[str] = mapped_column(String(120), default="")
    receiver_address: Mapped[str] = mapped_column(Text, default="")
    receiver_basis: Mapped[ReceiverBasis] = mapped_column(word_column(ReceiverBasis), default=ReceiverBasis.PERMIT)
    receiver_permit: Mapped[str] = mapped_column(String(60), default="")
    waste_code: Mapped[str] = mapped_column(String(10), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    contained_in: Mapped[str] = mapped_column(String(120), default="")
    collected_from: Mapped[str] = mapped_column(Text, default="")
    sic_code: Mapped[str] = mapped_column(String(10), default="")
    hierarchy_applied: Mapped[bool] = mapped_column(default=False)
    note_number: Mapped[str] = mapped_column(String(40), default="")
    packed_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    received_on: Mapped[date | None]
    receipt_reference: Mapped[str] = mapped_column(String(60), default="")
    received_grams: Mapped[int | None]
    destruction_reference: Mapped[str] = mapped_column(String(60), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (Index("ix_consignment_state", "state", "id"),)


class ConsignmentTablet(Base):
    """One tablet in a consignment, with its weight and what says that its data is gone."""

    __tablename__ = "consignment_tablet"

    id: Mapped[IntId]
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"), index=True)
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), unique=True)
    weight_grams: Mapped[int]
    battery_in: Mapped[bool]
    certificate_number: Mapped[str] = mapped_column(String(20), default="")
    """Of its last wipe; empty where its storage is to be destroyed instead."""
    added_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("weight_grams > 0", name="has_a_weight"),)


class ConsignmentEvent(Told, Base):
    """What was done with a consignment. Only ever added to."""

    __tablename__ = "consignment_event"

    id: Mapped[IntId]
    consignment_id: Mapped[int] = mapped_column(ForeignKey("consignment.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_consignment_event_consignment_id_id", "consignment_id", "id"),)
