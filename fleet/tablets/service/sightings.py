"""Where somebody says a tablet is: told by a finder or by one of us, settled by a coordinator. Moves nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict, there
from fleet.happening import Happening
from fleet.tablets import queries
from fleet.tablets.models import Sighting
from fleet.tablets.service.writer import get_tablet
from fleet.users.actor import Actor


def tell_sighting(session: Session, tablet_id: int, *, place: str, by: str, happening: Happening) -> Sighting:
    """Write down where somebody says it is, for a coordinator to see. Raises `NotFound`, `BadInput`."""
    tablet = get_tablet(session, tablet_id)
    if not place.strip():
        raise BadInput("Nothing was written down.", fields={"place": "Say where it is, in a few words."})
    made = Sighting(tablet_id=tablet.id, place=place.strip()[:200], by=by, at=happening.now)
    session.add(made)
    session.flush()
    return made


def settle_sighting(session: Session, sighting_id: int, *, actor: Actor, happening: Happening) -> Sighting:
    """A person has seen to it; `happening.reason` says how. Raises `Conflict` when somebody had before."""
    found = there(
        queries.sighting_locked(session, sighting_id),
        "There is no such note.",
        next_step="Look at the list of tablets that were seen.",
    )
    if found.settled_at is not None:
        raise Conflict(f"This was settled already, by {found.settled_by}.", next_step="Reload the list.")
    if not happening.reason.strip():
        raise BadInput("Nothing was settled.", fields={"reason": "Say what came of it, in a few words."})
    found.settled_at, found.settled_by = happening.now, actor.name
    found.settle_reason = happening.reason.strip()[:500]
    return found


def settle_sightings_of(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """The tablet is at the hub: whatever was said of where it is needs nobody any more."""
    for each in queries.open_sightings(session, tablet_id=tablet_id):
        each.settled_at, each.settled_by, each.settle_reason = happening.now, actor.name, happening.reason


def open_sightings(session: Session, *, tablet_id: int | None = None) -> Sequence[Sighting]:
    """What waits for a coordinator, the oldest first; at most 100."""
    return queries.open_sightings(session, tablet_id=tablet_id)
