"""Scanning a label back: which tablet is in hand, and whether the label on it is its own."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from fleet.errors import NotFound
from fleet.happening import Happening
from fleet.tags import queries
from fleet.tags.rules import looks_like_code, shown
from fleet.tags.service import confirm_scan, lookup
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Step:
    """How far it has come: the tablet in hand, the code scanned from it so far, and whether the two are confirmed."""

    tablet_id: int
    code: str = ""
    confirmed: bool = False


def scan_back(
    session: Session, scan: str, *, in_hand: int | None, code: str, actor: Actor, happening: Happening
) -> Step:
    """One scan at the labelling table: the maker's serial, or our label, in either order.

    Raises `WrongLabel`, `BadInput` for a code that cannot be read, `NotFound` for what we do not know.
    """
    tablet_id = _by_serial(session, scan)
    if tablet_id is None:
        tag = lookup(session, scan)
        if in_hand is None:
            return _waits_for_its_serial(tag.tablet_id, shown(tag.code))
        confirm_scan(session, tag.code, in_hand, actor=actor, happening=happening)
        return Step(in_hand, shown(tag.code), confirmed=True)
    if not code:
        return Step(tablet_id)
    confirm_scan(session, code, tablet_id, actor=actor, happening=happening)
    return Step(tablet_id, shown(lookup(session, code).code), confirmed=True)


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


def _waits_for_its_serial(tablet_id: int | None, code: str) -> Step:
    if tablet_id is None:
        raise NotFound(f"{code} is a blank label that belongs to no tablet yet.", next_step="Scan another.")
    return Step(tablet_id, code)
