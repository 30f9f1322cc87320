"""What happens by the clock. A job's key holds its time slot, so asking twice is asking once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.bench.service.autopilot import WAKE_JOB
from fleet.bundles.service import USAGE_JOB
from fleet.chasing.service import TICK_JOB
from fleet.deliveries.service.proofs import PROOFS_JOB
from fleet.jobs.service import enqueue
from fleet.loans.service.lending.reservations import RESERVATIONS_JOB
from fleet.privacy.service import ERASE_JOB
from fleet.repeats.work import FORGET_JOB
from fleet.tablets.service.forgetting import PLACES_JOB
from fleet.webhooks.service import SWEEP_JOB


@dataclass(frozen=True)
class Scheduled:
    """A kind of job that is due once in every `every`."""

    kind: str
    every: timedelta

    def slot(self, now: datetime) -> str:
        return f"{self.kind}@{int(now.timestamp() // self.every.total_seconds())}"


SCHEDULE: tuple[Scheduled, ...] = (
    Scheduled(WAKE_JOB, timedelta(minutes=2)),
    Scheduled(TICK_JOB, timedelta(minutes=5)),
    Scheduled(RESERVATIONS_JOB, timedelta(hours=1)),
    Scheduled(ERASE_JOB, timedelta(hours=1)),
    Scheduled(USAGE_JOB, timedelta(hours=1)),
    Scheduled(FORGET_JOB, timedelta(hours=1)),
    Scheduled(SWEEP_JOB, timedelta(hours=1)),
    Scheduled(PROOFS_JOB, timedelta(days=1)),
    Scheduled(PLACES_JOB, timedelta(days=1)),
)


def ask_for_due_jobs(session: Session, now: datetime) -> None:
    """Ask for every scheduled job whose slot has begun."""
    for each in SCHEDULE:
        enqueue(session, each.kind, key=each.slot(now), now=now)
