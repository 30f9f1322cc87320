"""Shelves, and putting tablets on them: the one writer of where a tablet lies."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.desk import queries
from fleet.desk.models import PutAway, Shelf
from fleet.desk.rules import AT_THE_HUB, read_shelf, shelf_text
from fleet.errors import BadInput, Conflict, NotFound, there
from fleet.happening import Happening
from fleet.partners.service import hub_of
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.words import stage_words
from fleet.tags.rules import new_code
from fleet.users.actor import Actor

LONGEST_NAME = 60


def add_shelf(session: Session, name: str, *, actor: Actor, happening: Happening) -> Shelf:
    """A place of the hub, with a code of its own for its label. Raises `BadInput` for no name, or one that is used."""
    name, hub = " ".join(name.split()), hub_of(session, actor)
    problem = ""
    if not name:
        problem = "Say what people call it, such as A1."
    elif len(name) > LONGEST_NAME:
        problem = f"Write at most {LONGEST_NAME} letters."
    elif queries.shelf_named(session, hub.id, name) is not None:
        problem = f"There is a shelf {name} already."
    if problem:
        raise BadInput("No shelf was added.", fields={"name": problem})
    made = Shelf(hub_id=hub.id, code=_free_code(session), name=name, made_at=happening.now, made_by=actor.name)
    session.add(made)
    session.flush()
    return made


def _free_code(session: Session) -> str:
    for _ in range(20):
        code = new_code()
        if queries.shelf_by_code(session, code) is None:
            return code
    raise Conflict("No free code was found in twenty tries.", next_step="Try again.")


def get_shelf(session: Session, shelf_id: int) -> Shelf:
    """Raises `NotFound`."""
    return there(
        queries.shelf(session, shelf_id), f"There is no shelf number {shelf_id}.", next_step="Choose one from the list."
    )


def shelf_scanned(session: Session, text: str) -> Shelf:
    """The shelf whose label this is. Raises `BadInput` for what cannot be one, `NotFound` for one we never made."""
    code, problem = read_shelf(text)
    if problem:
        raise BadInput("This is no shelf of ours.", fields={"shelf": problem})
    return there(
        queries.shelf_by_code(session, code),
        f"{shelf_text(code)} reads well, but it is no shelf of ours.",
        next_step="Print a label for it, on the page of the shelves.",
    )


def shelf_of(session: Session, tablet: Tablet) -> int | None:
    """The shelf that the tablet lies on by the books, or None."""
    place = queries.put_away(session, tablet.id)
    return place.shelf_id if place is not None and still_counts(place, tablet) else None


def still_counts(place: PutAway, tablet: Tablet) -> bool:
    """A tablet that was away since it was put there lies somewhere else, if it is at the hub at all."""
    left = tablet.left_hub_at
    return tablet.stage in AT_THE_HUB and (left is None or place.at >= left)


def put_on(session: Session, tablet_id: int, shelf_id: int, *, actor: Actor, happening: Happening) -> int | None:
    """Write down that it lies on this shelf; gives the shelf where it lay before. Raises `Conflict` when it is away."""
    tablet, shelf = tablets.lock_tablet(session, tablet_id), get_shelf(session, shelf_id)
    if tablet.stage not in AT_THE_HUB:
        raise Conflict(
            f"By our books this tablet is not at the hub: {stage_words(tablet.stage).lower()}.",
            next_step="Receive it first, then put it away.",
        )
    before = shelf_of(session, tablet)
    if before == shelf_id:
        return before
    place = queries.put_away(session, tablet_id) or PutAway(tablet_id=tablet_id)
    place.shelf_id, place.at, place.by = shelf_id, happening.now, actor.name
    session.add(place)
    words = f"Put away on {shelf.name}"
    tablets.note(session, tablet, kind="put_away", words=words, actor=actor, happening=happening)
    return before


def take_off_shelf(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """Write down that it lies on no shelf. Raises `NotFound` when it lay on none."""
    tablet = tablets.lock_tablet(session, tablet_id)
    place = queries.put_away(session, tablet_id)
    if place is None:
        raise NotFound("It lies on no shelf.", next_step="Scan it to see where it stands.")
    session.delete(place)
    session.flush()
    tablets.note(session, tablet, kind="put_away", words="Taken off its shelf", actor=actor, happening=happening)
