"""Recurring online meetings, and the append-only log of what was done to each entry of the catalogue."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.database.log import Told
from fleet.gatherings.rules import GatheringState, Platform, Theme


class Gathering(Base):
    """A meeting that comes round every week, in the hub's local time.

    `revision` counts the changes a tablet shows: one that carries an older revision is out of date. `link` may hold a
    meeting's password: it is for those who edit the entry and for the tablets, never for a log, an address or an event.
    """

    __tablename__ = "gathering"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    host_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    title: Mapped[str] = mapped_column(String(60))
    theme: Mapped[Theme] = mapped_column(word_column(Theme))
    weekday: Mapped[int]
    """0 is Monday."""
    starts_at: Mapped[time]
    minutes: Mapped[int]
    language: Mapped[str] = mapped_column(String(16), default="en")
    bsl: Mapped[bool] = mapped_column(default=False)
    captions: Mapped[bool] = mapped_column(default=False)
    platform: Mapped[Platform] = mapped_column(word_column(Platform))
    link: Mapped[str] = mapped_column(Text)
    state: Mapped[GatheringState] = mapped_column(word_column(GatheringState), default=GatheringState.PROPOSED)
    revision: Mapped[int] = mapped_column(default=1)
    proposed_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_gathering_state_weekday", "state", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="is_a_day"),
        CheckConstraint("minutes > 0", name="lasts"),
    )


class GatheringEvent(Told, Base):
    """Something done to an entry. Only ever added to; says that a link changed, never what it is."""

    __tablename__ = "gathering_event"

    id: Mapped[IntId]
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[GatheringState] = mapped_column(word_column(GatheringState))
    revision: Mapped[int]
    details: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_gathering_event_gathering_id_id", "gathering_id", "id"),)
