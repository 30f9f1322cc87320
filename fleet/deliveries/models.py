"""Courier runs, the jobs on them, and the scans that say what happened. A scan is stored whatever its answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.database.log import Logged
from fleet.deliveries.rules import Action, Answer, Face, FailReason, JobEnd, JobKind, JobState, RunState, Vehicle


class CourierRun(Base):
    """One courier's trip on one day. `courier_id` is empty while it is planned and nobody was asked."""

    __tablename__ = "courier_run"

    id: Mapped[IntId]
    hub_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    courier_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    day: Mapped[date]
    vehicle: Mapped[Vehicle] = mapped_column(word_column(Vehicle))
    state: Mapped[RunState] = mapped_column(word_column(RunState), default=RunState.PLANNED)
    accepted_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_courier_run_courier_id_day", "courier_id", "day"),
        Index("ix_courier_run_day", "day", "id"),
    )


class DeliveryJob(Base):
    """One stop of a run: bring a tablet, fetch it, both for a swap, or bring one home from another hub. A loan has at
    most one job under way, and so has a tablet on its way home; the database sees to it.

    `tablet_id` is the tablet that the stop is about, which at a swap is the one that comes back; `brings_id` is the one
    that stays there instead. A way home is nobody's loan: it goes from `from_hub_id` to `to_hub_id`. `attempts` counts
    the failed ones of this job, and is worked out from its scans.
    """

    __tablename__ = "delivery_job"

    id: Mapped[IntId]
    run_id: Mapped[int] = mapped_column(ForeignKey("courier_run.id"))
    sequence: Mapped[int]
    kind: Mapped[JobKind] = mapped_column(word_column(JobKind))
    loan_id: Mapped[int | None] = mapped_column(ForeignKey("loan.id"), index=True)
    from_hub_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    to_hub_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), index=True)
    brings_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"), index=True)
    state: Mapped[JobState] = mapped_column(word_column(JobState), default=JobState.PLANNED)
    window_from: Mapped[datetime]
    window_to: Mapped[datetime]
    doorstep_phrase: Mapped[str] = mapped_column(String(40), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    fail_reason: Mapped[FailReason | None] = mapped_column(word_column(FailReason))
    ended: Mapped[JobEnd | None] = mapped_column(word_column(JobEnd))
    face: Mapped[Face | None] = mapped_column(word_column(Face))
    done_at: Mapped[datetime | None]
    """When the courier was done at the door; the address is shown for some hours after this."""
    closed_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_delivery_job_run_id_sequence", "run_id", "sequence"),
        Index(
            "uq_delivery_job_open_loan",
            "loan_id",
            unique=True,
            sqlite_where=text("state IN ('planned', 'offered', 'accepted', 'loaded', 'failed')"),
            postgresql_where=text("state IN ('planned', 'offered', 'accepted', 'loaded', 'failed')"),
        ),
        Index(
            "uq_delivery_job_open_home",
            "tablet_id",
            unique=True,
            sqlite_where=text("kind = 'home' AND state IN ('planned', 'offered', 'accepted', 'loaded', 'failed')"),
            postgresql_where=text("kind = 'home' AND state IN ('planned', 'offered', 'accepted', 'loaded', 'failed')"),
        ),
    )

    @property
    def of_loan(self) -> int:
        """The number of the loan of a stop at somebody's door. Raises `ValueError` for a way home, which has none."""
        if self.loan_id is None:
            raise ValueError(f"stop {self.id} brings a tablet home and belongs to no loan")
        return self.loan_id


class RunEvent(Logged, Base):
    """What was done with a run or one of its jobs, by whom. Only ever added to."""

    __tablename__ = "courier_run_event"

    id: Mapped[IntId]
    run_id: Mapped[int] = mapped_column(ForeignKey("courier_run.id"), index=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("delivery_job.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class Scan(Base):
    """A fact told by a courier's phone, with the answer it got. Rows are never deleted.

    `occurred_at` is the phone's own story and may be nonsense; `effective_at` is what we count with: the story set
    right by the clock offset, or `received_at` when it cannot be believed (`clock_flagged`). `counts` is whether the
    fact belongs to the story of its job. `needs_review` puts it on the coordinator's list until `settled_at`.
    """

    __tablename__ = "scan"

    id: Mapped[IntId]
    client_id: Mapped[str] = mapped_column(String(36), unique=True)
    code: Mapped[str] = mapped_column(String(120))
    action: Mapped[Action] = mapped_column(word_column(Action))
    occurred_at: Mapped[datetime]
    clock_offset_ms: Mapped[int] = mapped_column(BigInteger, default=0)
    sequence: Mapped[int] = mapped_column(BigInteger)
    received_at: Mapped[datetime]
    effective_at: Mapped[datetime]
    clock_flagged: Mapped[bool] = mapped_column(default=False)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("courier_run.id"))
    job_id: Mapped[int | None] = mapped_column(ForeignKey("delivery_job.id"), index=True)
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"), index=True)
    courier_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    courier_name: Mapped[str] = mapped_column(String(120))
    details: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(20))
    answer: Mapped[Answer] = mapped_column(word_column(Answer))
    reason: Mapped[str] = mapped_column(String(40), default="")
    sentence: Mapped[str] = mapped_column(Text, default="")
    counts: Mapped[bool] = mapped_column(default=False)
    needs_review: Mapped[bool] = mapped_column(default=False)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str] = mapped_column(String(120), default="")
    settle_reason: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (
        Index("ix_scan_courier_id_id", "courier_id", "id"),
        Index(
            "ix_scan_waiting",
            "id",
            sqlite_where=text("needs_review AND settled_at IS NULL"),
            postgresql_where=text("needs_review AND settled_at IS NULL"),
        ),
    )


class CourierFeed(Base):
    """A courier's runs as a calendar that needs no sign-in. The address holds a secret, kept only as a hash."""

    __tablename__ = "courier_feed"

    id: Mapped[IntId]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
