"""Placing and lifting holds."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.tablets import queries
from fleet.tablets.models import Hold
from fleet.tablets.rules import (
    HoldKind,
)
from fleet.tablets.service.writer import lock_tablet, note
from fleet.users.actor import Actor


def open_holds(session: Session, tablet_id: int) -> Sequence[Hold]:
    """The holds that stop a tablet at present, each with its reason."""
    return queries.open_holds(session, tablet_id)


def place_hold(session: Session, tablet_id: int, kind: HoldKind, *, actor: Actor, happening: Happening) -> Hold:
    """Hold a tablet, from any stage. A second hold of the same kind adds its reason to the log and keeps the first."""
    tablet = lock_tablet(session, tablet_id)
    if not happening.reason.strip():
        raise BadInput("No hold was placed.", fields={"reason": "Say what you saw, in a few words."})
    words = f"Held: {kind.value.replace('_', ' ')}"
    note(session, tablet, kind=f"hold_{kind.value}", words=words, actor=actor, happening=happening)
    tablet.changed_at = happening.now
    existing = queries.open_hold(session, tablet_id, kind)
    if existing is not None:
        return existing
    hold = Hold(
        tablet_id=tablet_id,
        kind=kind,
        reason=happening.reason.strip(),
        placed_by=actor.name,
        placed_at=happening.now,
    )
    session.add(hold)
    session.flush()
    return hold


def lift_hold(session: Session, tablet_id: int, kind: HoldKind, *, actor: Actor, happening: Happening) -> None:
    """Lift the open hold of a kind, with the reason why it is settled. Raises `Conflict` when there is none."""
    tablet = lock_tablet(session, tablet_id)
    hold = queries.open_hold(session, tablet_id, kind)
    if hold is None:
        raise Conflict("This hold was lifted already.", next_step="Reload the page to see how it stands.")
    if not happening.reason.strip():
        raise BadInput("The hold stays.", fields={"reason": "Say how it was settled, in a few words."})
    hold.lifted_by, hold.lifted_at, hold.lift_reason = actor.name, happening.now, happening.reason.strip()
    tablet.changed_at = happening.now
    words = f"Hold lifted: {kind.value.replace('_', ' ')}"
    note(session, tablet, kind=f"lifted_{kind.value}", words=words, actor=actor, happening=happening)
