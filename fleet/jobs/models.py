"""The job row: what must happen. The row is the truth; a message to a worker is only a nudge."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from fleet.database.base import Base, IntId, word_column
from fleet.jobs.rules import JobState


class Job(Base):
    """One thing to do once. `key` makes asking twice the same as asking once.

    A running job whose lease has run out belongs to nobody and is given to the next worker; so a handler must be
    idempotent, step by step. `run_after` holds a job back; there are no timers in the broker.
    """

    __tablename__ = "job"

    id: Mapped[IntId]
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    args: Mapped[dict[str, Any]]
    lane: Mapped[str] = mapped_column(String(80), default="")
    """Whose work it is, where workers of its own may take it; empty for everybody's."""
    state: Mapped[JobState] = mapped_column(word_column(JobState), default=JobState.QUEUED)
    run_after: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    lease_holder: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_job_state_run_after", "state", "run_after"),)


class Lane(Base):
    """A lane of jobs with workers of its own. While one is alive, or it is reserved, nobody else takes its jobs."""

    __tablename__ = "job_lane"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    reserved: Mapped[bool] = mapped_column(default=False)
    worker: Mapped[str] = mapped_column(String(80), default="")
    alive_until: Mapped[datetime | None]
