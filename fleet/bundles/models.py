"""SIM cards, the data bundles they carry, and the log of both."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.bundles.rules import SimState
from fleet.database.base import Base, IntId, word_column
from fleet.database.log import Logged


class Sim(Base):
    """One SIM card, known by the number printed on it."""

    __tablename__ = "sim"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    iccid: Mapped[str] = mapped_column(String(20), unique=True)
    network: Mapped[str] = mapped_column(String(40))
    state: Mapped[SimState] = mapped_column(word_column(SimState), default=SimState.IN_STOCK)
    used_before: Mapped[bool] = mapped_column(default=False)
    """Whether a person has had data through it since its bundle was attached."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (Index("ix_sim_state", "state", "id"),)


class DataBundle(Base):
    """Data for a time, from a funder, carried by a SIM. The end follows from the day it was switched on."""

    __tablename__ = "data_bundle"

    id: Mapped[IntId]
    sim_id: Mapped[int] = mapped_column(ForeignKey("sim.id"), index=True)
    funder_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    gb_per_month: Mapped[int]
    months: Mapped[int]
    cost_pence: Mapped[int]
    for_one_person: Mapped[bool] = mapped_column(default=False)
    activated_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    suspended_on: Mapped[date | None]
    replaced_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_data_bundle_current",
            "sim_id",
            unique=True,
            sqlite_where=text("replaced_at IS NULL"),
            postgresql_where=text("replaced_at IS NULL"),
        ),
        CheckConstraint("gb_per_month > 0 AND months > 0 AND cost_pence >= 0", name="has_sizes"),
    )


class SimEvent(Logged, Base):
    """Something that happened to a SIM. Only ever added to."""

    __tablename__ = "sim_event"

    id: Mapped[IntId]
    sim_id: Mapped[int] = mapped_column(ForeignKey("sim.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[SimState] = mapped_column(word_column(SimState))
    client_at: Mapped[datetime | None]
    client_id: Mapped[str | None] = mapped_column(String(64))
