"""Asking a bench for what only the computer it is plugged into can do; `fleet.bench.work.errands` does it there."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.bench import queries
from fleet.bench.models import Bench, Slot
from fleet.bench.service.benches import get_bench, get_slot, lane_of_bench
from fleet.bench.service.runs import RunInProgress
from fleet.jobs.service import enqueue, worker_of_lane
from fleet.users.actor import Actor

LOOK_JOB = "bench.look"
LEARN_JOB = "bench.learn"


def worker_of_bench(session: Session, bench: Bench, *, now: datetime) -> str:
    """The worker that is there for this bench alone at present, by its host; empty when none is."""
    return worker_of_lane(session, lane_of_bench(bench), now=now)


def ask_to_look(session: Session, bench_id: int, *, actor: Actor, now: datetime) -> int:
    """Have the bench look into each slot that no run is busy in; into how many. The wall shows what it saw."""
    bench = get_bench(session, bench_id)
    slots = [slot.id for slot in queries.slots(session, bench_id)]
    free = [slot_id for slot_id in slots if queries.unfinished_run_in_slot(session, slot_id) is None]
    _ask_looks(session, bench, free, now)
    return len(free)


def ask_to_look_into(session: Session, slot_id: int, *, actor: Actor, now: datetime) -> Slot:
    """Have the bench look into one slot. Raises `NotFound`, and `RunInProgress` where a run is busy in it."""
    slot = get_slot(session, slot_id)
    busy = queries.unfinished_run_in_slot(session, slot_id)
    if busy is not None:
        raise RunInProgress(
            f"Nothing was looked at: run {busy.id} works in slot {slot.place}.",
            next_step="Its page says how it stands.",
        )
    _ask_looks(session, get_bench(session, slot.bench_id), [slot_id], now)
    return slot


def _ask_looks(session: Session, bench: Bench, slot_ids: Sequence[int], now: datetime) -> None:
    for slot_id in slot_ids:
        slot = queries.slot_locked(session, slot_id)
        assert slot is not None, "it was read a moment ago, and slots are never deleted"
        slot.look_asked_at = now
    session.flush()
    _ask(session, LOOK_JOB, bench, {}, now)


def ask_to_learn(session: Session, bench_id: int, *, place: str, actor: Actor, now: datetime) -> None:
    """Have the bench make a slot of each port where a tablet is plugged in within two minutes.

    `place` is the name for it where it is one port; its own name otherwise.
    """
    _ask(session, LEARN_JOB, get_bench(session, bench_id), {"place": place.strip(), "asked_at": now.timestamp()}, now)


def _ask(session: Session, kind: str, bench: Bench, args: dict[str, object], now: datetime) -> None:
    key = f"{kind}:{bench.id}:{secrets.token_hex(6)}"
    enqueue(session, kind, key=key, now=now, args={"bench_id": bench.id} | args, lane=lane_of_bench(bench))
