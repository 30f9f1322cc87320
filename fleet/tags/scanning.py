"""Scanning labels at the labelling table: claiming a blank one, and proving that a tablet carries its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from fleet.errors import Conflict, NotFound
from fleet.happening import Happening
from fleet.tablets.rules import FINAL as GONE
from fleet.tags import queries
from fleet.tags.models import Tag
from fleet.tags.rules import TagState, looks_like_code, shown
from fleet.tags.service import claim, confirm_scan, lookup, whose
from fleet.users.actor import Actor


class Came(StrEnum):
    """What a scan led to: it waits for the other half, or a label was claimed, or one was scanned back."""

    WAITS = "waits"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Step:
    """How far it has come: the tablet in hand, if one is known, and the code scanned so far."""

    tablet_id: int | None
    code: str = ""
    came: Came = Came.WAITS


def scan_back(
    session: Session, scan: str, *, in_hand: int | None, code: str, actor: Actor, happening: Happening
) -> Step:
    """One scan at the labelling table: the maker's serial, or a label, in either order.

    A blank label is claimed for the tablet, any other is scanned back from it. Raises `WrongLabel`, `LabelTaken`,
    `BadInput` for a code that cannot be read, `NotFound` for what we do not know.
    """
    tablet_id = _by_serial(session, scan)
    if tablet_id is None:
        tag = lookup(session, scan)
        if in_hand is None:
            return _waits_for_its_serial(session, tag)
        return _put_together(session, tag, in_hand, actor=actor, happening=happening)
    if not code:
        return Step(tablet_id)
    return _put_together(session, lookup(session, code), tablet_id, actor=actor, happening=happening)


def _put_together(session: Session, tag: Tag, tablet_id: int, *, actor: Actor, happening: Happening) -> Step:
    if tag.state is TagState.BLANK:
        claim(session, tag.code, tablet_id, actor=actor, happening=happening)
        return Step(tablet_id, shown(tag.code), Came.CLAIMED)
    confirm_scan(session, tag.code, tablet_id, actor=actor, happening=happening)
    return Step(tablet_id, shown(tag.code), Came.CONFIRMED)


def _by_serial(session: Session, scan: str) -> int | None:
    """The tablet with this serial. Two of the same serial cannot be told apart here."""
    found = queries.tablets_by_serial(session, scan)
    if len(found) > 1:
        raise NotFound(
            f"{len(found)} tablets have this serial.", next_step="Open the right one from the list and begin there."
        )
    if not found and not looks_like_code(scan) and "/" not in scan:
        raise NotFound(
            "This is neither a label of ours nor a serial in the fleet.",
            next_step="Scan it again, or book the tablet in first.",
        )
    return found[0].id if found else None


def _waits_for_its_serial(session: Session, tag: Tag) -> Step:
    """Only a blank label, or one that a tablet carries, can wait for the tablet it is on."""
    if tag.state is TagState.BLANK:
        return Step(None, shown(tag.code))
    carried = queries.tablets_by_id(session, [tag.tablet_id]) if tag.tablet_id is not None else {}
    if tag.state is not TagState.ATTACHED or any(tablet.stage in GONE for tablet in carried.values()):
        raise Conflict(
            f"Nothing was changed. {whose(session, tag)}", next_step="Take this label off, and scan the other one."
        )
    return Step(tag.tablet_id, shown(tag.code))
