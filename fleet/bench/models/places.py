"""Benches, their slots with what was seen in them, and every scan."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from fleet.bench.reach import BenchKind, bare_address
from fleet.bench.scan_words import ScanMode, ScanOutcome
from fleet.database.base import Base, IntId, word_column


class Bench(Base):
    """A table with a hub of ports, at one of our hubs; how it is reached, and whether it goes on by itself.

    `own_worker`: only a worker started for this bench takes its work. `autopilot_round` grows each time the autopilot
    is switched on, so that what an earlier round had begun ends. The label fields say on which sheet the autopilot
    prints and which position of it is the next unused one.
    """

    __tablename__ = "bench"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime]
    kind: Mapped[BenchKind] = mapped_column(word_column(BenchKind), default=BenchKind.LOCAL)
    host: Mapped[str] = mapped_column(String(120), default="")
    port: Mapped[int] = mapped_column(default=22)
    sign_in_as: Mapped[str] = mapped_column(String(60), default="")
    host_key: Mapped[str] = mapped_column(Text, default="")
    """The machine's pinned SSH key, once a person has compared its fingerprint."""
    host_key_by: Mapped[str] = mapped_column(String(120), default="")
    own_worker: Mapped[bool] = mapped_column(default=False)
    autopilot: Mapped[bool] = mapped_column(default=False)
    autopilot_round: Mapped[int] = mapped_column(default=0)
    autopilot_by: Mapped[str] = mapped_column(String(120), default="")
    """Who switched it on or off last, and whose standing promise it is that SIM and memory card are out."""
    autopilot_by_id: Mapped[int | None]
    autopilot_at: Mapped[datetime | None]
    profile: Mapped[str] = mapped_column(String(80), default="")
    """What the autopilot makes a tablet into when nothing else asks for it."""
    label_sheet: Mapped[str] = mapped_column(String(40), default="")
    label_next: Mapped[int] = mapped_column(default=1)
    label_printer_id: Mapped[int | None] = mapped_column(ForeignKey("printer.id"))
    """Where its labels are sent; without one they are printed by hand."""
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("hub_id", "name"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this as a plain class attribute


class Slot(Base):
    """One place at a bench, named after the hub's real port (``1-1.2``), and what was seen in it last."""

    __tablename__ = "bench_slot"

    id: Mapped[IntId]
    bench_id: Mapped[int] = mapped_column(ForeignKey("bench.id"))
    place: Mapped[str] = mapped_column(String(30))
    address: Mapped[str] = mapped_column(String(120), unique=True)
    seen_serial: Mapped[str] = mapped_column(String(64), default="")
    seen_kind: Mapped[str] = mapped_column(String(140), default="")
    seen_battery_percent: Mapped[int | None]
    seen_at: Mapped[datetime | None]
    seen_problem: Mapped[str] = mapped_column(Text, default="")
    """Why the last look saw no tablet, as a sentence; empty when it saw one."""
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"), index=True)
    """Which of our tablets that was; None for one that is not in the fleet's records."""
    seen_android_id: Mapped[str] = mapped_column(String(16), default="")
    """Tells two units with one serial apart, and one unit at two addresses from two."""
    seen_shared_serial: Mapped[bool] = mapped_column(default=False)
    seen_asking: Mapped[bool] = mapped_column(default=False)
    """It waits for somebody to tap Allow."""
    seen_reporting: Mapped[bool] = mapped_column(default=False)
    """It stands in its first-run setup and tells no more than trade-in mode's report (Android 16 on)."""
    twin_slot_id: Mapped[int | None]
    """The other slot where the very same tablet, or another with its serial, was seen at the same time."""
    twin_is_same: Mapped[bool] = mapped_column(default=False)
    occupied_since: Mapped[datetime | None]
    autopilot_said: Mapped[str] = mapped_column(Text, default="")
    """Why the autopilot could not do what comes next; empty when it could."""
    quiet_looks: Mapped[int] = mapped_column(default=0)
    next_look_at: Mapped[datetime | None]
    looker: Mapped[str] = mapped_column(String(80), default="")
    """Who looks into it at this moment, until `look_until`; nobody else does meanwhile."""
    look_until: Mapped[datetime | None]
    look_asked_at: Mapped[datetime | None]
    """When somebody asked for a look that has not come back; None once it has."""
    version: Mapped[int] = mapped_column()

    __table_args__ = (UniqueConstraint("bench_id", "place"),)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this as a plain class attribute

    @property
    def reached_at(self) -> str:
        """Its address as the bench says it."""
        return bare_address(self.address)


class Scan(Base):
    """One scan at a bench and the one answer it got. The latest one says what the next scan does."""

    __tablename__ = "bench_scan"

    id: Mapped[IntId]
    bench_id: Mapped[int] = mapped_column(ForeignKey("bench.id"))
    actor_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(120))
    mode: Mapped[ScanMode] = mapped_column(word_column(ScanMode))
    """What the next scan does."""
    mode_before: Mapped[ScanMode] = mapped_column(word_column(ScanMode))
    outcome: Mapped[ScanOutcome] = mapped_column(word_column(ScanOutcome))
    said: Mapped[str] = mapped_column(Text)
    next_step: Mapped[str] = mapped_column(Text, default="")
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("bench_slot.id"))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("bench_run.id"))
    """The run this scan began, if it did: what an undo stops."""
    undone: Mapped[bool] = mapped_column(default=False)
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_bench_scan_bench_id_id", "bench_id", "id"),)
