"""When a tablet left our hands, read from its log: what a hand-over that is taken back goes back to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.tablets import queries
from fleet.tablets.rules import BY_MOVE, MOVES, Move

_LEAVES = tuple(row.move for row in MOVES if row.leaves_hub or row.takes_leaving_back)


def last_move(session: Session, tablet_id: int) -> Move | None:
    """The last move it made; None for one that was never moved."""
    last = queries.latest_event(session, tablet_id, *Move)
    return Move(last.kind) if last is not None else None


def left_before_hand_over(session: Session, tablet_id: int) -> datetime | None:
    """When it left our hands before the hand-over that is its last move; None when it never had. Hand-overs that were
    taken back never were."""
    never_were = 1
    for event in queries.events_of(session, tablet_id, *_LEAVES):
        if BY_MOVE[Move(event.kind)].takes_leaving_back:
            never_were += 1
        elif never_were:
            never_were -= 1
        else:
            return event.at
    return None
