"""Where tablets come from (donation batches, purchase lots) and what intake found out about each."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.intake.rules import Answer, BatteryLook, Route, StolenResult
from fleet.tablets.rules import Grade


class DonationBatch(Base):
    """One hand-over of gifts with the giver's declaration. `declared_by` is whoever signed for the giver."""

    __tablename__ = "donation_batch"

    id: Mapped[IntId]
    donor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    received_on: Mapped[date]
    expected_count: Mapped[int | None]
    owns_it: Mapped[bool] = mapped_column(default=False)
    no_return: Mapped[bool] = mapped_column(default=False)
    contracts_ended: Mapped[bool] = mapped_column(default=False)
    accounts_removed: Mapped[bool] = mapped_column(default=False)
    declared_by: Mapped[str] = mapped_column(String(120), default="")
    declared_on: Mapped[date | None]
    wiping_requirement: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(120))


class PurchaseLot(Base):
    """Tablets bought together. `cost_pence` is what the whole lot cost, in pence."""

    __tablename__ = "purchase_lot"

    id: Mapped[IntId]
    supplier: Mapped[str] = mapped_column(String(120))
    invoice_ref: Mapped[str] = mapped_column(String(60))
    bought_on: Mapped[date]
    cost_pence: Mapped[int]
    warranty_end: Mapped[date | None]
    funder_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(String(120))


class Intake(Base):
    """How one tablet came in: its source, the quick look, the stolen check, and the outcome of triage."""

    __tablename__ = "intake"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), unique=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("donation_batch.id"), index=True)
    lot_id: Mapped[int | None] = mapped_column(ForeignKey("purchase_lot.id"), index=True)
    added_at: Mapped[datetime]
    added_by: Mapped[str] = mapped_column(String(120))

    accounts_left: Mapped[Answer | None] = mapped_column(word_column(Answer))
    locked: Mapped[Answer | None] = mapped_column(word_column(Answer))
    battery: Mapped[BatteryLook | None] = mapped_column(word_column(BatteryLook))
    condition: Mapped[str] = mapped_column(Text, default="")
    looked_at: Mapped[datetime | None]
    looked_by: Mapped[str] = mapped_column(String(120), default="")

    stolen_result: Mapped[StolenResult | None] = mapped_column(word_column(StolenResult))
    stolen_provider: Mapped[str] = mapped_column(String(60), default="")
    stolen_ref: Mapped[str] = mapped_column(String(60), default="")
    stolen_reason: Mapped[str] = mapped_column(Text, default="")
    stolen_at: Mapped[datetime | None]
    stolen_by: Mapped[str] = mapped_column(String(120), default="")

    grade: Mapped[Grade | None] = mapped_column(word_column(Grade))
    grade_reason: Mapped[str] = mapped_column(Text, default="")
    route: Mapped[Route | None] = mapped_column(word_column(Route))
    triaged_at: Mapped[datetime | None]
    triaged_by: Mapped[str] = mapped_column(String(120), default="")

    __table_args__ = (CheckConstraint("batch_id IS NULL OR lot_id IS NULL", name="one_source"),)
