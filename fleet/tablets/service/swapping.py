"""That a tablet came back because another took its place: what its old label says until it was looked over."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.tablets import queries
from fleet.tablets.models import TabletEvent
from fleet.tablets.rules import Move
from fleet.tablets.service.writer import get_tablet, note
from fleet.users.actor import Actor

_KIND = "swapped_out"


def note_swapped_out(
    session: Session, tablet_id: int, *, instead: str, actor: Actor, happening: Happening
) -> TabletEvent:
    """`instead` is the label of the tablet that stays with the person."""
    words = f"Swapped out: {instead} stays instead"
    return note(session, get_tablet(session, tablet_id), kind=_KIND, words=words, actor=actor, happening=happening)


def swapped_out(session: Session, tablet_id: int) -> TabletEvent | None:
    """The entry that says it was swapped out; None once it was cleaned, and for any other tablet."""
    latest = queries.latest_event(session, tablet_id, _KIND, Move.CLEAN)
    return latest if latest is not None and latest.kind == _KIND else None
