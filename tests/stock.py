"""Tablets placed where a test needs them by writing rows: for tests about what comes after."""

from __future__ import annotations

from datetime import timedelta
from itertools import count
from typing import Any

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
