"""A lost tablet that somebody has in front of them: who may take it in does, and everybody else says where it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.desk import queries
from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.loans import service as loans
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.words import label_of, name_of
from fleet.users.actor import Actor

LONGEST_PLACE = 200


@dataclass(frozen=True)
class LostStory:
    """What is said of a lost tablet to one of us: nothing of who had it."""

    tablet_id: int
    hub_id: int
    code: str
    kind: str
    is_lost: bool
    lost_at: datetime | None


def called(tablet: Tablet) -> str:
    """What a tablet is called in a sentence: its label's code, or its serial while it has none."""
    return label_of(tablet) or tablet.serial


def lost_story(session: Session, tablet_id: int) -> LostStory:
    """Raises `NotFound`."""
    tablet = tablets.get_tablet(session, tablet_id)
    event = queries.lost_event(session, tablet_id)
    lost = tablet.stage is Stage.LOST
    at = event.at if event and lost else None
    return LostStory(tablet.id, tablet.hub_id, called(tablet), name_of(tablet), lost, at)


def say_seen(session: Session, tablet_id: int, *, place: str, actor: Actor, happening: Happening) -> Tablet:
    """One of us has met a lost tablet and cannot take it in: a coordinator is told who it was, and where."""
    tablet = _still_lost(session, tablet_id)
    place = _checked(place)
    tablets.tell_sighting(session, tablet_id, place=place, by=actor.name, happening=happening)
    told = replace(happening, reason=place)
    tablets.note(session, tablet, kind="sighting", words="Met while it was lost", actor=actor, happening=told)
    return tablet


def take_in_found(
    session: Session,
    tablet_id: int,
    *,
    place: str,
    actor: Actor,
    settings: Settings,
    happening: Happening,
    at: int | None = None,
) -> Tablet:
    """A lost tablet is at the hub, its own unless `at` is another: found, by the loans room's own act.

    Raises `BadInput` without a place, `Conflict` when it is not lost, `MoveRefused`.
    """
    tablet = _still_lost(session, tablet_id)
    told = replace(happening, reason=f"Found: {_checked(place)}")
    loans.found(session, tablet_id=tablet_id, at=at, actor=actor, settings=settings, happening=told)
    return tablet


def _still_lost(session: Session, tablet_id: int) -> Tablet:
    tablet = tablets.lock_tablet(session, tablet_id)
    if tablet.stage is not Stage.LOST:
        raise Conflict(
            f"Nothing was changed. {called(tablet)} is not lost by our books.",
            next_step="Perhaps somebody else has taken it in already.",
        )
    return tablet


def _checked(place: str) -> str:
    if not place.strip():
        raise BadInput("Nothing was changed.", fields={"place": "Say where it is, in a few words."})
    if len(place) > LONGEST_PLACE:
        raise BadInput("Nothing was changed.", fields={"place": f"Write at most {LONGEST_PLACE} letters."})
    return place.strip()
