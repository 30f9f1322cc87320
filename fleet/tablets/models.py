"""The tablet, its holds, and the append-only log of everything that happened to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.database.log import Told
from fleet.tablets.rules import Custody, DataState, Grade, HoldKind, Stage, guest_hub


class Tablet(Base):
    """One tablet: four facts (stage, data, custody, and its open holds), and what the guards need to know of it.

    The serial is what the maker printed; cheap makers repeat serials, so it is unique only among tablets still in the
    fleet that were not told apart by `serial_note`. Virtual tablets are left out of stock counts.
    """

    __tablename__ = "tablet"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    serial: Mapped[str] = mapped_column(String(64))
    serial_note: Mapped[str] = mapped_column(String(60), default="")
    manufacturer: Mapped[str] = mapped_column(String(60), default="")
    model: Mapped[str] = mapped_column(String(80), default="")
    os_release: Mapped[int | None]
    stage: Mapped[Stage] = mapped_column(word_column(Stage), default=Stage.EXPECTED)
    data: Mapped[DataState] = mapped_column(word_column(DataState), default=DataState.UNKNOWN)
    custody: Mapped[Custody] = mapped_column(word_column(Custody), default=Custody.DONOR)
    holder: Mapped[str] = mapped_column(String(80), default="")
    """Which bench, courier, loan or other hub, as a code (``bench 1``, ``courier 7``, ``loan 12``, ``hub 2``): never a
    person's name."""
    grade: Mapped[Grade | None] = mapped_column(word_column(Grade))
    retiring: Mapped[bool] = mapped_column(default=False)
    accounts_answered: Mapped[bool] = mapped_column(default=False)
    destruction_ordered: Mapped[bool] = mapped_column(default=False)
    os_floor_waiver: Mapped[str | None] = mapped_column(Text)
    certificate_at: Mapped[datetime | None]
    left_hub_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    profile: Mapped[str] = mapped_column(String(80), default="")
    profile_version: Mapped[int | None]
    label_code: Mapped[str] = mapped_column(String(6), default="", index=True)
    """The code on its label, without the dash, as the tags room wrote it; empty until one is made."""
    label_confirmed_at: Mapped[datetime | None]
    battery_percent: Mapped[int | None]
    kit_checked_at: Mapped[datetime | None]
    is_virtual: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    @property
    def guest_hub_id(self) -> int | None:
        """The other hub where it lies, on its way home to its own; None anywhere else."""
        return guest_hub(self.custody, self.holder)

    __table_args__ = (
        Index(
            "uq_tablet_live_serial",
            "serial",
            "serial_note",
            unique=True,
            sqlite_where=text("stage NOT IN ('recycled', 'gifted')"),
            postgresql_where=text("stage NOT IN ('recycled', 'gifted')"),
        ),
        Index("ix_tablet_stage", "stage", "id"),
        Index("ix_tablet_serial_lower", text("lower(serial)")),
    )


class Hold(Base):
    """A reason why a tablet must not move forward, until it is lifted. At most one open hold of a kind."""

    __tablename__ = "tablet_hold"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), index=True)
    kind: Mapped[HoldKind] = mapped_column(word_column(HoldKind))
    reason: Mapped[str] = mapped_column(Text)
    placed_by: Mapped[str] = mapped_column(String(120))
    placed_at: Mapped[datetime]
    lifted_by: Mapped[str | None] = mapped_column(String(120))
    lifted_at: Mapped[datetime | None]
    lift_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(
            "uq_tablet_hold_open",
            "tablet_id",
            "kind",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )


class TabletGathering(Base):
    """A gathering that has a tile on this tablet, and the revision it was in when the provision passed.

    Whether that is out of date is never stored: the gathering's present revision says so.
    """

    __tablename__ = "tablet_gathering"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"))
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"), index=True)
    revision: Mapped[int]
    place: Mapped[int]
    since: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tablet_id", "gathering_id"),)


class TabletEvent(Told, Base):
    """Something that happened to a tablet. Only ever added to: rows are neither changed nor deleted.

    `at` is the server's time, `client_at` the phone's or bench's own; `client_id` is theirs too, and the same id twice
    changes nothing.
    """

    __tablename__ = "tablet_event"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    stage: Mapped[Stage] = mapped_column(word_column(Stage))
    data: Mapped[DataState] = mapped_column(word_column(DataState))
    custody: Mapped[Custody] = mapped_column(word_column(Custody))
    holder: Mapped[str] = mapped_column(String(80), default="")
    details: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_tablet_event_tablet_id_id", "tablet_id", "id"),)


class Sighting(Base):
    """Somebody says where a tablet is: a finder by its label's page, or one of us who met a lost one. It waits for a
    coordinator until it is settled. Moves nothing."""

    __tablename__ = "tablet_sighting"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), index=True)
    place: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(120), default="")
    settle_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index(
            "ix_tablet_sighting_open",
            "id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index(
            "ix_tablet_sighting_kept",
            "settled_at",
            "id",
            sqlite_where=text("place <> ''"),
            postgresql_where=text("place <> ''"),
        ),
    )
