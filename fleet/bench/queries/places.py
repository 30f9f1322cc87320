"""Benches, their slots and the scans at them; the slots that are due for a look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from fleet.bench.models import (
    Bench,
    Run,
    Scan,
    Slot,
)
from fleet.bench.queries.runs import unfinished_run_of_tablet
from fleet.bench.rules import UNFINISHED
from fleet.bench.scan_words import ScanOutcome


def benches(session: Session) -> Sequence[Bench]:
    return session.scalars(select(Bench).order_by(Bench.id)).all()


def bench(session: Session, bench_id: int) -> Bench | None:
    return session.get(Bench, bench_id)


def bench_locked(session: Session, bench_id: int) -> Bench | None:
    query = select(Bench).where(Bench.id == bench_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def bench_named(session: Session, hub_id: int, name: str) -> Bench | None:
    query = select(Bench).where(Bench.hub_id == hub_id, func.lower(Bench.name) == name.lower())
    return session.scalar(query)


def latest_scan(session: Session, bench_id: int, actor_id: int | None) -> Scan | None:
    query = select(Scan).where(Scan.bench_id == bench_id, Scan.actor_id == actor_id)
    return session.scalar(query.order_by(Scan.id.desc()).limit(1))


def latest_undoable_scan(session: Session, bench_id: int, actor_id: int | None) -> Scan | None:
    """The last scan of a tablet; cards, and what was not applied, have nothing to take back."""
    query = select(Scan).where(Scan.bench_id == bench_id, Scan.actor_id == actor_id, Scan.tablet_id.is_not(None))
    return session.scalar(query.where(Scan.outcome == ScanOutcome.APPLIED).order_by(Scan.id.desc()).limit(1))


def scan_by_client_id(session: Session, client_id: str) -> Scan | None:
    return session.scalar(select(Scan).where(Scan.client_id == client_id))


def slots(session: Session, bench_id: int) -> Sequence[Slot]:
    return session.scalars(select(Slot).where(Slot.bench_id == bench_id).order_by(Slot.id)).all()


def slot(session: Session, slot_id: int) -> Slot | None:
    return session.get(Slot, slot_id)


def slot_locked(session: Session, slot_id: int) -> Slot | None:
    query = select(Slot).where(Slot.id == slot_id).with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def slot_at(session: Session, address: str) -> Slot | None:
    return session.scalar(select(Slot).where(Slot.address == address))


def slots_with_serial(session: Session, serial: str, *, except_slot: int) -> Sequence[Slot]:
    """The other slots where a tablet with this serial was seen last."""
    return session.scalars(
        select(Slot).where(Slot.seen_serial == serial, Slot.id != except_slot).order_by(Slot.id)
    ).all()


def slots_with_twin(session: Session, slot_id: int) -> Sequence[Slot]:
    return session.scalars(select(Slot).where(Slot.twin_slot_id == slot_id, Slot.id != slot_id).order_by(Slot.id)).all()


def slot_of_tablet(session: Session, tablet_id: int) -> Slot | None:
    """Where a tablet of ours was seen last and was not missed since; the slot of its run before any other."""
    run = unfinished_run_of_tablet(session, tablet_id)
    if run is not None:
        return session.get(Slot, run.slot_id)
    return session.scalar(
        select(Slot).where(Slot.tablet_id == tablet_id).order_by(Slot.seen_at.desc(), Slot.id).limit(1)
    )


def slots_to_look_into(session: Session, bench_id: int, *, now: datetime) -> Sequence[int]:
    """Slots whose time has come, that no run is busy in and that nobody looks into."""
    busy = select(Run.slot_id).where(Run.state.in_(UNFINISHED))
    due = or_(Slot.next_look_at.is_(None), Slot.next_look_at <= now)
    free = or_(Slot.look_until.is_(None), Slot.look_until < now)
    query = select(Slot.id).where(Slot.bench_id == bench_id, due, free, Slot.id.not_in(busy))
    return session.scalars(query.order_by(Slot.next_look_at, Slot.id)).all()


def slots_asked_to_look(session: Session, bench_id: int) -> Sequence[int]:
    """Slots that somebody asked for a look into which has not come back."""
    query = select(Slot.id).where(Slot.bench_id == bench_id, Slot.look_asked_at.is_not(None))
    return session.scalars(query.order_by(Slot.id)).all()


def take_look(session: Session, slot_id: int, *, looker: str, now: datetime, until: datetime) -> bool:
    """Whether this look is ours: nobody else's until then, and none where a run is under way. One statement."""
    busy = select(Run.id).where(Run.slot_id == slot_id, Run.state.in_(UNFINISHED)).exists()
    free = or_(Slot.look_until.is_(None), Slot.look_until < now)
    query = update(Slot).where(Slot.id == slot_id, free, ~busy).values(looker=looker, look_until=until)
    return session.scalar(query.returning(Slot.id)) is not None


def end_look(session: Session, slot_id: int, *, looker: str, next_look_at: datetime) -> None:
    """Give a look back that is still ours. The row's version stays: nobody who watches need hear of it."""
    query = update(Slot).where(Slot.id == slot_id, Slot.looker == looker)
    session.execute(query.values(look_until=None, next_look_at=next_look_at))


def slot_in_place(session: Session, bench_id: int, place: str) -> Slot | None:
    return session.scalar(select(Slot).where(Slot.bench_id == bench_id, Slot.place == place))
