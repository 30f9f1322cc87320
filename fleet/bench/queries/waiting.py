"""The tablets that wait for the bench, and what live pages compare to see a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from fleet.bench.models import (
    Bench,
    Run,
    Slot,
)
from fleet.bench.rules import UNFINISHED
from fleet.tablets.models import Hold, Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service import out_of_date_ids


def waiting_for_the_bench(session: Session, *, hub_id: int, limit: int = 200) -> Sequence[Tablet]:
    """A hub's tablets to be wiped, provisioned or refreshed, in no slot, with no unfinished run and no open hold."""
    query = select(Tablet).where(Tablet.hub_id == hub_id, *_waits_for_the_bench())
    return session.scalars(query.order_by(Tablet.changed_at, Tablet.id).limit(limit)).all()


def waiting_by_stage(session: Session, *, hub_id: int) -> dict[Stage, int]:
    """How many of those that `waiting_for_the_bench` lists are at each stage."""
    query = select(Tablet.stage, func.count()).where(Tablet.hub_id == hub_id, *_waits_for_the_bench())
    query = query.group_by(Tablet.stage)
    return dict(session.execute(query).all())


def _waits_for_the_bench() -> tuple[ColumnElement[bool], ...]:
    busy = select(Run.tablet_id).where(Run.state.in_(UNFINISHED))
    held = select(Hold.tablet_id).where(Hold.lifted_at.is_(None))
    return (
        Tablet.stage.in_((Stage.AWAITING_WIPE, Stage.WIPED)) | refresh_needed(),
        Tablet.retiring.is_(False) | (Tablet.stage == Stage.AWAITING_WIPE),
        Tablet.id.not_in(busy),
        Tablet.id.not_in(select(Slot.tablet_id).where(Slot.tablet_id.is_not(None))),
        Tablet.id.not_in(held),
    )


def refresh_needed() -> ColumnElement[bool]:
    """Made once, and not as it should be any more: a gathering was changed, or a loan wants it otherwise."""
    made = Tablet.stage.in_((Stage.READY, Stage.PROVISIONED))
    unproved = (Tablet.stage == Stage.PROVISIONED) & Tablet.verified_at.is_(None)
    return unproved | (made & Tablet.id.in_(out_of_date_ids()))


def versions(session: Session, *, changed_since: datetime) -> dict[str, object]:
    """What every slot, every unfinished run and every run changed since is at: what live pages compare."""
    runs = select(Run.id, Run.version).where(or_(Run.state.in_(UNFINISHED), Run.changed_at >= changed_since))
    seen: dict[str, object] = {f"run:{run_id}": version for run_id, version in session.execute(runs)}
    places = select(Slot.id, Slot.version, Tablet.changed_at).outerjoin(Tablet, Tablet.id == Slot.tablet_id)
    seen |= {f"slot:{slot_id}": rest for slot_id, *rest in session.execute(places)}
    return seen | {
        f"bench:{bench_id}": version for bench_id, version in session.execute(select(Bench.id, Bench.version))
    }
