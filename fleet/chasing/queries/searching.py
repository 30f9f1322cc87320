"""Reads of where a tablet that is said to be back was seen last: its shelf, scans, benches, and the use of its data."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from fleet.bench.models import Bench, Slot
from fleet.bundles.models import SimUse, UsageReading
from fleet.deliveries.models import Scan
from fleet.desk.models import DeskScan, PutAway, Shelf


def put_away(session: Session, tablet_id: int) -> tuple[PutAway, Shelf] | None:
    """Where it was last put away, whether or not it left since."""
    query = select(PutAway, Shelf).join(Shelf, Shelf.id == PutAway.shelf_id).where(PutAway.tablet_id == tablet_id)
    row = session.execute(query).first()
    return (row[0], row[1]) if row is not None else None


def last_desk_scan(session: Session, tablet_id: int) -> tuple[DeskScan, Shelf | None] | None:
    """The last at any hub's desk that was not taken back, whatever its answer, with the shelf that it was about."""
    query = (
        select(DeskScan, Shelf)
        .outerjoin(Shelf, Shelf.id == DeskScan.shelf_id)
        .where(DeskScan.tablet_id == tablet_id, DeskScan.undone.is_(False))
    )
    row = session.execute(query.order_by(DeskScan.id.desc()).limit(1)).first()
    return (row[0], row[1]) if row is not None else None


def last_courier_scan(session: Session, tablet_id: int) -> Scan | None:
    query = select(Scan).where(Scan.tablet_id == tablet_id)
    return session.scalar(query.order_by(Scan.effective_at.desc(), Scan.id.desc()).limit(1))


def seen_on_a_bench(session: Session, tablet_id: int) -> tuple[Slot, Bench] | None:
    """The slot where it was seen last and was not missed since."""
    query = select(Slot, Bench).join(Bench, Bench.id == Slot.bench_id).where(Slot.tablet_id == tablet_id)
    row = session.execute(query.where(Slot.seen_at.is_not(None)).order_by(Slot.seen_at.desc()).limit(1)).first()
    return (row[0], row[1]) if row is not None else None


def readings_of_loan(session: Session, loan_id: int) -> Sequence[UsageReading]:
    """What was told of a loan's data while the person had it, in the order of the days."""
    query = (
        select(UsageReading)
        .join(SimUse, SimUse.bundle_id == UsageReading.bundle_id)
        .where(SimUse.loan_id == loan_id, UsageReading.read_on >= SimUse.from_on)
        .where(or_(SimUse.to_on.is_(None), UsageReading.read_on <= SimUse.to_on))
    )
    return session.scalars(query.order_by(UsageReading.read_on)).all()
