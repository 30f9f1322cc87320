"""When a tablet left our hands, read from its log: what a hand-over that is taken back goes back to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.tablets import queries
from fleet.tablets.rules import BY_MOVE, MOVES, Move

_HAND_OVERS = frozenset({Move.HAND_OVER, Move.HUB_HAND_OVER})
_LEAVES = tuple(row.move for row in MOVES if row.leaves_hub or row.takes_leaving_back)


def is_just_handed_over(session: Session, tablet_id: int) -> bool:
    """Whether the last move it made is a hand-over."""
    last = queries.latest_event(session, tablet_id, *Move)
    return last is not None and last.kind in _HAND_OVERS


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
