"""Tablets placed where a test needs them by writing rows: for tests about what comes after."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

from fleet.bench.models import Bench, Certificate, Run, Slot
from fleet.bench.rules import RunKind, RunState
from fleet.database.session import Database
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, Grade, Stage
from tests.people import FakeClock

_numbers = count(1)

_CLEAN = frozenset(
    {Stage.WIPED, Stage.PROVISIONING, Stage.PROVISIONED, Stage.READY, Stage.ALLOCATED, Stage.IN_TRANSIT_OUT}
)
_CUSTODY = {
    Stage.EXPECTED: Custody.DONOR,
    Stage.WIPING: Custody.BENCH,
    Stage.PROVISIONING: Custody.BENCH,
    Stage.IN_TRANSIT_OUT: Custody.COURIER,
    Stage.ON_LOAN: Custody.PARTICIPANT,
    Stage.IN_TRANSIT_BACK: Custody.COURIER,
    Stage.LOST: Custody.NOBODY_KNOWS,
    Stage.RECYCLED: Custody.CARRIER,
}


def tablet_at(database: Database, hub_id: int, clock: FakeClock, stage: Stage, **facts: Any) -> Tablet:
    """A tablet at `stage`, with the other facts that belong there unless `facts` say otherwise."""
    clean = stage in _CLEAN
    values: dict[str, Any] = {
        "hub_id": hub_id,
        "serial": f"TEST{next(_numbers):06d}",
        "manufacturer": "Virtual",
        "model": "Virtual Test Tab",
        "os_release": 14,
        "stage": stage,
        "data": DataState.CLEAN if clean else DataState.DIRTY,
        "custody": _CUSTODY.get(stage, Custody.HUB),
        "grade": Grade.A,
        "accounts_answered": True,
        "battery_percent": 95,
        "created_at": clock(),
        "changed_at": clock(),
    }
    if clean:
        values |= {"certificate_at": clock(), "verified_at": clock(), "label_confirmed_at": clock()}
        values |= {"kit_checked_at": clock(), "profile": "standard", "profile_version": 1}
    if stage in (Stage.ON_LOAN, Stage.IN_TRANSIT_BACK, Stage.RETURNED, Stage.CLEANED, Stage.LOST):
        values |= {"certificate_at": clock() - timedelta(days=30), "left_hub_at": clock()}
    tablet = Tablet(**(values | facts))
    with database.write() as session:
        session.add(tablet)
    return tablet


def certified(database: Database, tablet: Tablet, clock: FakeClock) -> str:
    """The number of a certificate that says this tablet was wiped, written without a bench's work."""
    number = f"DW-{clock():%Y}-9{next(_numbers):05d}"
    with database.write() as session:
        bench = Bench(hub_id=tablet.hub_id, name=number, created_at=clock())
        session.add(bench)
        session.flush()
        slot = Slot(bench_id=bench.id, place="1", address=f"tcp:{number}")
        session.add(slot)
        session.flush()
        run = Run(kind=RunKind.WIPE, state=RunState.PASSED, tablet_id=tablet.id, slot_id=slot.id, started_by="Test")
        run.created_at = run.changed_at = run.finished_at = clock()
        session.add(run)
        session.flush()
        content = {"manufacturer": tablet.manufacturer, "model": tablet.model}
        session.add(
            Certificate(
                number=number,
                run_id=run.id,
                tablet_id=tablet.id,
                content=content,
                content_sha256="0" * 64,
                issued_at=clock(),
            )
        )
    return number
