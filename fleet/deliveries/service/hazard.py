"""A battery that is hot, swollen or leaking: whoever sees it says so, and the tablet is held before anything else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.deliveries.models import Scan
from fleet.deliveries.rules import Answer
from fleet.deliveries.words import HAZARD_WORDS
from fleet.errors import BadInput, NotFound
from fleet.happening import Happening
from fleet.tablets import service as tablets
from fleet.tablets.rules import HoldKind
from fleet.tags import service as tags
from fleet.users.actor import Actor


def warn(session: Session, scan: Scan, *, actor: Actor, now: datetime) -> None:
    """Answer a hazard: hold the tablet, if it says which, and put the fact on the coordinator's list either way.

    Any tablet, of anybody's run or none: danger asks for no permission.
    """
    scan.tablet_id = _tablet_of(session, scan.code)
    if scan.tablet_id is not None:
        happening = Happening(
            now=now,
            reason="Hot, swollen or leaking, a courier says.",
            source=scan.source,
            client_at=scan.effective_at,
        )
        tablets.place_hold(session, scan.tablet_id, HoldKind.SAFETY, actor=actor, happening=happening)
    scan.answer, scan.reason, scan.needs_review = Answer.APPLIED, "", True
    scan.sentence = f"{HAZARD_WORDS} The hub has been told."


def _tablet_of(session: Session, code: str) -> int | None:
    """The tablet that the label names; a label that cannot be read stops no warning."""
    try:
        return tags.lookup(session, code).tablet_id
    except (BadInput, NotFound):
        return None
