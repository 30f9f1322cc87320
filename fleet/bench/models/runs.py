"""Runs with every step they took, what was waived, and what was agreed about an account."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.bench.rules import GivenBy, RunKind, RunState, StepOutcome, ToldBy
from fleet.database.base import Base, IntId, word_column

_MAYBE_JSON = JSON(none_as_null=True)
_ONLY_UNFINISHED = "state NOT IN ('passed', 'failed', 'abandoned')"


class Run(Base):
    """A wipe or a provision of one tablet. An unfinished run is the claim on its tablet and on its slot.

    Whatever a resumed run needs is in its row: the stored plan, the evidence kept before a reset (`before`), what has
    been seen since. `worker` names who works on it at this moment and fences off one that lost its lease.
    """

    __tablename__ = "bench_run"

    id: Mapped[IntId]
    kind: Mapped[RunKind] = mapped_column(word_column(RunKind))
    state: Mapped[RunState] = mapped_column(word_column(RunState), default=RunState.QUEUED)
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("bench_slot.id"))
    retry_of: Mapped[int | None] = mapped_column(ForeignKey("bench_run.id"))
    route_asked: Mapped[str] = mapped_column(String(40), default="")
    """The way to wipe that the technician chose; empty for the best one the tablet offers."""
    route: Mapped[str] = mapped_column(String(40), default="")
    """The way that is being carried out."""
    routes: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """Every way by name, as this tablet offered it or not."""
    started_by: Mapped[str] = mapped_column(String(120))
    started_by_id: Mapped[int | None]
    client_id: Mapped[str | None] = mapped_column(String(64), unique=True)
    media_removed: Mapped[bool] = mapped_column(default=False)
    """The technician's own word that SIM and memory card are out: a factory reset does not reach them."""
    profile: Mapped[str] = mapped_column(String(80), default="")
    profile_version: Mapped[int | None]
    made_for: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    """Whose needs, language and gatherings the plan was made for, as they stood then; never who that is."""

    observation: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    plan: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    before: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    first_stage: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    """The evidence of a first erase by test harness mode, whole; `before` is then of the tablet after it."""
    trade_in: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    """What the tablet reported of itself in its first-run setup, before it was opened for reading."""
    result: Mapped[dict[str, Any] | None] = mapped_column(_MAYBE_JSON)
    """A wipe's verdict or a provision's verification, whole."""
    blockers: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    doing: Mapped[str] = mapped_column(Text, default="")
    percent: Mapped[int] = mapped_column(default=0)
    seconds_left: Mapped[int | None]
    hands: Mapped[str] = mapped_column(Text, default="")
    hands_guide: Mapped[list[str]] = mapped_column(JSON, default=list)
    waiting_since: Mapped[datetime | None]
    unanswered: Mapped[int] = mapped_column(default=0)
    faults: Mapped[int] = mapped_column(default=0)
    """Errors of our own making in a row; after a few of them the run is set aside."""
    gone_at: Mapped[datetime | None]
    """When the tablet was first missed after its reset page had been opened."""
    asked_again: Mapped[bool | None]
    knocking: Mapped[bool] = mapped_column(default=False)
    """A connection after the reset was begun and its outcome is not yet written down."""

    problem: Mapped[str] = mapped_column(Text, default="")
    next_step: Mapped[str] = mapped_column(Text, default="")
    cancelled_by: Mapped[str | None] = mapped_column(String(120))
    paused_by: Mapped[str | None] = mapped_column(String(120))
    paused_from: Mapped[RunState | None] = mapped_column(word_column(RunState))
    resumes: Mapped[int] = mapped_column(default=0)
    """How often it was taken up after a pause; a job of an earlier round has nothing to do any more."""
    worker: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index(
            "uq_bench_run_unfinished_tablet",
            "tablet_id",
            unique=True,
            sqlite_where=text(_ONLY_UNFINISHED),
            postgresql_where=text(_ONLY_UNFINISHED),
        ),
        Index(
            "uq_bench_run_unfinished_slot",
            "slot_id",
            unique=True,
            sqlite_where=text(_ONLY_UNFINISHED),
            postgresql_where=text(_ONLY_UNFINISHED),
        ),
        Index("ix_bench_run_tablet_id_id", "tablet_id", "id"),
    )
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads this as a plain class attribute


class RunStep(Base):
    """One step of a run: what it does, why, and how it ended. `key` is the same when the step is tried again."""

    __tablename__ = "bench_run_step"

    id: Mapped[IntId]
    run_id: Mapped[int] = mapped_column(ForeignKey("bench_run.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(300))
    sentence: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[StepOutcome] = mapped_column(word_column(StepOutcome), default=StepOutcome.PENDING)
    said: Mapped[str] = mapped_column(Text, default="")
    """What the tablet answered, shortened, secrets as ``***``."""
    tries: Mapped[int] = mapped_column(default=0)
    weight: Mapped[int] = mapped_column(default=1)
    moved_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    total_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    app_file_id: Mapped[int | None] = mapped_column(ForeignKey("app_file.id"), index=True)
    """The app it installs, and which of that app's APKs by their SHA-256, the base first."""
    app_parts: Mapped[list[str]] = mapped_column(JSON, default=list)
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("run_id", "key"),)


class BlockerWaiver(Base):
    """A coordinator's decision, with its reason, to go on in spite of one blocker of one tablet."""

    __tablename__ = "bench_blocker_waiver"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"))
    code: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    waived_by: Mapped[str] = mapped_column(String(120))
    waived_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("tablet_id", "code"),)


class RemovalConsent(Base):
    """Somebody agreed that the Google account on one tablet goes with a guided reset. No account and no giver is named.

    It counts until it is withdrawn, the tablet leaves the hub, or a wipe of it is proved.
    """

    __tablename__ = "bench_removal_consent"

    id: Mapped[IntId]
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), index=True)
    given_by: Mapped[GivenBy] = mapped_column(word_column(GivenBy))
    told_by: Mapped[ToldBy] = mapped_column(word_column(ToldBy))
    given_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(120))
    recorded_by_id: Mapped[int | None]
    recorded_as: Mapped[str] = mapped_column(String(40))
    """The staff role in which it was recorded."""
    recorded_at: Mapped[datetime]
    withdrawn_by: Mapped[str] = mapped_column(String(120), default="")
    withdrawn_at: Mapped[datetime | None]
