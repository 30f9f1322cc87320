"""SIM cards and what else carries data: the bundles on them, who had them when, what was used, and the log."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.bundles.rules import AfterLoan, Ownership, SecretKind, SimKind, SimState
from fleet.database.base import Base, IntId, word_column
from fleet.database.log import Logged, Told
from fleet.people.models import Person
from fleet.tablets.models import Tablet


class BundleOffer(Base):
    """An entry of the catalogue: data that can be bought or is given. What was bought keeps its own figures."""

    __tablename__ = "bundle_offer"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    network: Mapped[str] = mapped_column(String(40))
    gb_per_month: Mapped[int]
    months: Mapped[int]
    cost_pence: Mapped[int]
    funder_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    ownership: Mapped[Ownership] = mapped_column(word_column(Ownership))
    zero_rated: Mapped[list[str]]
    """Services whose data the network does not count."""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("hub_id", "name"),
        CheckConstraint("gb_per_month > 0 AND months > 0 AND cost_pence >= 0", name="has_sizes"),
    )


class Sim(Base):
    """One SIM card, eSIM, MiFi or voucher, known by the number printed on it.

    A MiFi is known by the ICCID of the card inside it.
    """

    __tablename__ = "sim"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kind: Mapped[SimKind] = mapped_column(word_column(SimKind), default=SimKind.SIM)
    iccid: Mapped[str] = mapped_column(String(20), unique=True)
    """The ICCID, as text. A voucher has none: the number printed on it stands here."""
    serial: Mapped[str] = mapped_column(String(40), default="")
    """A MiFi's own."""
    phone: Mapped[str | None] = mapped_column(String(16))
    network: Mapped[str] = mapped_column(String(40))
    state: Mapped[SimState] = mapped_column(word_column(SimState), default=SimState.IN_STOCK)
    number_answered: Mapped[bool] = mapped_column(default=False)
    """Somebody read a number with a check digit that does not fit once more, and it is printed so."""
    used_before: Mapped[bool] = mapped_column(default=False)
    """Whether a person has had data through it since its bundle was attached."""
    rests_until: Mapped[date | None]
    barred_at: Mapped[datetime | None]
    """When the network barred it, as told by whoever rang."""
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_sim_state", "state", "id"),
        Index(
            "uq_sim_phone_live",
            "phone",
            unique=True,
            sqlite_where=text("state NOT IN ('expired', 'destroyed')"),
            postgresql_where=text("state NOT IN ('expired', 'destroyed')"),
        ),
        Index(
            "ix_sim_phone_rests",
            "phone",
            sqlite_where=text("rests_until IS NOT NULL"),
            postgresql_where=text("rests_until IS NOT NULL"),
        ),
    )


class SimSecret(Base):
    """A PIN, PUK or code, sealed under the installation's secret key (fleet/bundles/sealing.py)."""

    __tablename__ = "sim_secret"

    id: Mapped[IntId]
    sim_id: Mapped[int] = mapped_column(ForeignKey("sim.id"))
    kind: Mapped[SecretKind] = mapped_column(word_column(SecretKind))
    sealed: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("sim_id", "kind"),)


class DataBundle(Base):
    """Data for a time, from a funder, carried by a SIM. The end follows from the day it was switched on."""

    __tablename__ = "data_bundle"

    id: Mapped[IntId]
    sim_id: Mapped[int] = mapped_column(ForeignKey("sim.id"), index=True)
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("bundle_offer.id"), index=True)
    funder_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    gb_per_month: Mapped[int]
    months: Mapped[int]
    cost_pence: Mapped[int]
    ownership: Mapped[Ownership] = mapped_column(word_column(Ownership), default=Ownership.OURS)
    granted_to_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id), index=True)
    """Whose grant it is, once a loan of theirs has it (rule R27)."""
    eligible_on: Mapped[date | None]
    """The day on which somebody said yes to "do they qualify for this grant?". No papers are kept."""
    after_loan: Mapped[AfterLoan | None] = mapped_column(word_column(AfterLoan))
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
        Index("ix_data_bundle_created_at", "created_at"),
        CheckConstraint("gb_per_month > 0 AND months > 0 AND cost_pence >= 0", name="has_sizes"),
    )


class TopUp(Base):
    """More of a live bundle: gigabytes for the month it was added in, months at its end, or both."""

    __tablename__ = "data_top_up"

    id: Mapped[IntId]
    bundle_id: Mapped[int] = mapped_column(ForeignKey("data_bundle.id"), index=True)
    funder_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    gb: Mapped[int]
    months: Mapped[int]
    cost_pence: Mapped[int]
    added_on: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("gb + months > 0 AND gb >= 0 AND months >= 0 AND cost_pence >= 0", name="adds"),)


class SimUse(Base):
    """A time in which a SIM was kept for one loan: from the allocation; with data from `from_on` until `to_on`.

    The loan room tells `needed_until`, the day the loan is due, each time it changes: this room knows no loans.
    """

    __tablename__ = "sim_use"

    id: Mapped[IntId]
    sim_id: Mapped[int] = mapped_column(ForeignKey("sim.id"), index=True)
    bundle_id: Mapped[int | None] = mapped_column(ForeignKey("data_bundle.id"), index=True)
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"), index=True)
    needed_until: Mapped[date | None]
    from_on: Mapped[date | None]
    to_on: Mapped[date | None]
    kept_at: Mapped[datetime]
    over_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    """Since when nobody is asked to keep its data going: all contact about the loan was stopped."""

    __table_args__ = (
        Index(
            "uq_sim_use_open",
            "sim_id",
            unique=True,
            sqlite_where=text("over_at IS NULL"),
            postgresql_where=text("over_at IS NULL"),
        ),
    )


class UsageReading(Base):
    """How much of a month's data was used by the end of a day, as the network says. One a bundle and day.

    `period_begins_on` and `period_ends_on` are the month of the bundle that the day lies in.
    """

    __tablename__ = "usage_reading"

    id: Mapped[IntId]
    bundle_id: Mapped[int] = mapped_column(ForeignKey("data_bundle.id"))
    read_on: Mapped[date]
    used_mb: Mapped[int]
    period_begins_on: Mapped[date]
    period_ends_on: Mapped[date]
    at_rest: Mapped[bool]
    """More was used although nobody had it that day (rule R28)."""
    answered_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(20))
    recorded_by: Mapped[str] = mapped_column(String(120))
    recorded_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("bundle_id", "read_on"),
        Index(
            "ix_usage_reading_at_rest",
            "bundle_id",
            sqlite_where=text("at_rest = 1 AND answered_at IS NULL"),
            postgresql_where=text("at_rest AND answered_at IS NULL"),
        ),
    )


LEFT_IN = "left_in"
"""The `kind` of a card of ours in a tablet that it does not belong to any more."""


class StraySim(Logged, Base):
    """A card in a tablet that is not its loan's: a strange one, found and bagged, of which somebody finds out whose it
    is; or one of ours, put in for a loan that was called off, until somebody takes it out."""

    __tablename__ = "stray_sim"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey(Tablet.id), index=True)
    seen: Mapped[str] = mapped_column(String(40))
    """The digits that could be read."""
    outcome: Mapped[str] = mapped_column(String(200), default="")
    settled_by: Mapped[str] = mapped_column(String(120), default="")
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_stray_sim_open",
            "id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )


class SimEvent(Told, Base):
    """Something that happened to a SIM. Only ever added to."""

    __tablename__ = "sim_event"

    id: Mapped[IntId]
    sim_id: Mapped[int] = mapped_column(ForeignKey("sim.id"), index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[SimState] = mapped_column(word_column(SimState))
