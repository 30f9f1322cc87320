"""What a provision left on the tablet, and asking for another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.settings import Settings
from fleet.tablets import queries
from fleet.tablets.models import TabletGathering
from fleet.tablets.rules import (
    Move,
    Stage,
)
from fleet.tablets.service.writer import lock_tablet, move
from fleet.users.actor import SYSTEM


def record_gatherings(session: Session, tablet_id: int, carried: Sequence[tuple[int, int]], *, now: datetime) -> None:
    """Write down which gatherings have a tile on it, as (number, revision), in their order.

    Asked by the bench when a provision passes: only what was read back counts as carried.
    """
    lock_tablet(session, tablet_id)
    queries.forget_carried(session, tablet_id)
    for place, (gathering_id, revision) in enumerate(carried):
        session.add(
            TabletGathering(tablet_id=tablet_id, gathering_id=gathering_id, revision=revision, place=place, since=now)
        )
    session.flush()


def fresh_since(settings: Settings, now: datetime) -> datetime:
    """A tablet that was verified before this is not lent before the bench has checked it again."""
    return now - timedelta(days=settings.verify_valid_days)


def ask_for_refresh(session: Session, tablet_id: int, *, settings: Settings, happening: Happening) -> None:
    """What it was made into is not what is wanted any more: it is provisioned again before it is lent.

    Says so of a tablet that is ready or provisioned; one that is not that far is made as wanted in any case.
    """
    tablet = lock_tablet(session, tablet_id)
    if tablet.stage is Stage.READY:
        move(session, tablet_id, Move.NEEDS_REFRESH, actor=SYSTEM, settings=settings, happening=happening)
    if tablet.stage is Stage.PROVISIONED:
        tablet.verified_at, tablet.changed_at = None, happening.now
        session.flush()
