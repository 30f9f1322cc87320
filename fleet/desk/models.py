"""Shelves and what lies on them, the desk's scans, and stock-takes with what was counted."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.desk.rules import DeskMode, DeskOutcome


class Shelf(Base):
    """A place at the hub where tablets lie. Its code is kept without the dash; its label holds SHELF- before it."""

    __tablename__ = "shelf"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(6), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    made_by: Mapped[str] = mapped_column(String(120))

    __table_args__ = (UniqueConstraint("hub_id", "name"),)


class PutAway(Base):
    """Where a tablet was last put away. It counts only while the tablet has not left the hub since."""

    __tablename__ = "put_away"

    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), primary_key=True, autoincrement=False)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelf.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))


class DeskScan(Base):
    """One scan at the desk and the one answer it got. The latest of a person and device says what the next one does."""

    __tablename__ = "desk_scan"

    id: Mapped[IntId]
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(120))
    device: Mapped[str] = mapped_column(String(16))
    """A mark of the sign-in that scanned: the same person at another desk has a mode of their own."""
    text: Mapped[str] = mapped_column(String(120))
    mode: Mapped[DeskMode] = mapped_column(word_column(DeskMode))
    """What the next scan does, and the shelf and stock-take it does it to."""
    mode_before: Mapped[DeskMode] = mapped_column(word_column(DeskMode))
    shelf_id: Mapped[int | None] = mapped_column(ForeignKey("shelf.id"))
    stock_take_id: Mapped[int | None] = mapped_column(ForeignKey("stock_take.id"))
    outcome: Mapped[DeskOutcome] = mapped_column(word_column(DeskOutcome))
    said: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(Text, default="")
    href: Mapped[str] = mapped_column(String(120), default="")
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"), index=True)
    shelf_before_id: Mapped[int | None] = mapped_column(ForeignKey("shelf.id"))
    """Where the tablet lay before this scan put it away: what an undo goes back to."""
    undone: Mapped[bool] = mapped_column(default=False)
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_desk_scan_actor_id_device_id", "actor_id", "device", "id"),)


class StockTake(Base):
    """One stock-take of a hub: open until it is closed, with a summary that stays as it was then."""

    __tablename__ = "stock_take"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    begun_at: Mapped[datetime]
    begun_by: Mapped[str] = mapped_column(String(120))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (
        Index(
            "uq_stock_take_open_hub",
            "hub_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )


class CountedShelf(Base):
    """A shelf that a stock-take has begun to count."""

    __tablename__ = "counted_shelf"

    stock_take_id: Mapped[int] = mapped_column(ForeignKey("stock_take.id"), primary_key=True, autoincrement=False)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelf.id"), primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))


class StockCount(Base):
    """Something counted, once in a stock-take: where it was scanned last. `what` is a tablet's number or a text."""

    __tablename__ = "stock_count"

    id: Mapped[IntId]
    stock_take_id: Mapped[int] = mapped_column(ForeignKey("stock_take.id"))
    what: Mapped[str] = mapped_column(String(140))
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelf.id"))
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"))
    text: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(120))

    __table_args__ = (UniqueConstraint("stock_take_id", "what"),)
