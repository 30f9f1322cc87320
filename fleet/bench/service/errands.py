"""Asking a bench for what only the computer it is plugged into can do; `fleet.bench.work.errands` does it there."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.bench.models import Bench
from fleet.bench.service.benches import get_bench, lane_of_bench
from fleet.jobs.service import enqueue, worker_of_lane
from fleet.users.actor import Actor

LOOK_JOB = "bench.look"
LEARN_JOB = "bench.learn"


def has_own_worker(session: Session, bench: Bench, *, now: datetime) -> bool:
    """Whether only a worker of its own reaches this bench's tablets."""
    return bench.own_worker or bool(worker_of_lane(session, lane_of_bench(bench), now=now))


def worker_of_bench(session: Session, bench: Bench, *, now: datetime) -> str:
    """The worker that is there for this bench alone at present, by its host; empty when none is."""
    return worker_of_lane(session, lane_of_bench(bench), now=now)


def ask_to_look(session: Session, bench_id: int, *, actor: Actor, now: datetime) -> None:
    """Have the bench look into its slots; the wall shows what it saw."""
    _ask(session, LOOK_JOB, get_bench(session, bench_id), {}, now)


def ask_to_learn(session: Session, bench_id: int, *, place: str, actor: Actor, now: datetime) -> None:
    """Have the bench make a slot of each port where a tablet is plugged in within two minutes.

    `place` is the name for it where it is one port; its own name otherwise.
    """
    _ask(session, LEARN_JOB, get_bench(session, bench_id), {"place": place.strip(), "asked_at": now.timestamp()}, now)


def _ask(session: Session, kind: str, bench: Bench, args: dict[str, object], now: datetime) -> None:
    key = f"{kind}:{bench.id}:{secrets.token_hex(6)}"
    enqueue(session, kind, key=key, now=now, args={"bench_id": bench.id} | args, lane=lane_of_bench(bench))
