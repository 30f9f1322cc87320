"""Whether the gatherings on a tablet's tiles are still right."""

from __future__ import annotations

from sqlalchemy import Select
from sqlalchemy.orm import Session

from fleet.tablets import queries


def out_of_date(session: Session, tablet_id: int) -> bool:
    """Whether a gathering on its tiles was changed or has ended since it was provisioned: it needs a refresh."""
    return queries.is_out_of_date(session, tablet_id)


def out_of_date_ids() -> Select[int]:
    """The tablets that `out_of_date` is true of, for another room's query."""
    return queries.out_of_date_ids()


def carries(session: Session, tablet_id: int) -> tuple[int, ...]:
    """The gatherings that have a tile on it, in their order."""
    return tuple(gathering.id for _, gathering in queries.carried(session, tablet_id))
