"""What can be asked of labels: made, claimed, scanned back, replaced, looked up; and what a finder tells."""

from __future__ import annotations

import dataclasses

from sqlalchemy.orm import Session

from fleet.errors import BadInput, NotFound
from fleet.happening import Happening
from fleet.tablets import service as tablets
from fleet.tags.claiming import (
    LabelTaken,
    WrongLabel,
    attach,
    claim,
    confirm_scan,
    make_blanks,
    make_tags,
    make_void,
    mistake_refusals,
    replace,
    take_back,
    take_in,
    whose,
)
from fleet.tags.looking import (
    codes_of,
    is_blank,
    lookup,
    lookup_tablet,
    printed,
    replaced_by,
    tablet_of,
    tablet_with_serial,
)
from fleet.users.actor import Actor
from fleet.users.rules import Role

__all__ = [
    "LabelTaken",
    "WrongLabel",
    "attach",
    "check_finder_note",
    "claim",
    "codes_of",
    "confirm_scan",
    "is_blank",
    "lookup",
    "lookup_tablet",
    "make_blanks",
    "make_tags",
    "make_void",
    "mistake_refusals",
    "note_from_finder",
    "printed",
    "replace",
    "replaced_by",
    "tablet_of",
    "tablet_with_serial",
    "take_back",
    "take_in",
    "whose",
]

LONGEST_NOTE = 200
_FINDER = Actor(user_id=None, name="A finder", roles=frozenset(), role=Role.SYSTEM)


def check_finder_note(where: str) -> None:
    """Raises `BadInput` for a note that says nothing or too much."""
    if not where.strip():
        raise BadInput("No note was left.", fields={"where": "Write a few words about the place."})
    if len(where) > LONGEST_NOTE:
        raise BadInput("No note was left.", fields={"where": f"Write at most {LONGEST_NOTE} letters."})


def note_from_finder(session: Session, code: str, *, where: str, happening: Happening) -> None:
    """Add to a tablet's log where a stranger found it. Moves nothing: staff decide what it means."""
    check_finder_note(where)
    tablet_id = tablet_of(session, code)
    if tablet_id is None:
        raise NotFound("We do not know this label.", next_step="Please ring us instead.")
    tablet = tablets.lock_tablet(session, tablet_id)
    said = dataclasses.replace(happening, reason=where.strip())
    tablets.note(session, tablet, kind="finder", words="A finder says where it is", actor=_FINDER, happening=said)
