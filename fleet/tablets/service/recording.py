"""What is written down about a tablet without moving it: kit, label, what the bench read, a coordinator's decisions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.errors import BadInput, Conflict
from fleet.happening import Happening
from fleet.tablets.models import Tablet
from fleet.tablets.rules import (
    FINAL,
    KIT_CHECKED,
    KIT_COMPLETE,
    Stage,
)
from fleet.tablets.service.writer import lock_tablet, note
from fleet.users.actor import Actor


def check_kit(session: Session, tablet_id: int, *, actor: Actor, happening: Happening, missing: str = "") -> None:
    """Record that the kit was looked through. Missing parts are written down; only a complete kit counts as checked."""
    tablet = lock_tablet(session, tablet_id)
    _refuse_if_gone(tablet)
    tablet.kit_checked_at = None if missing.strip() else happening.now
    tablet.changed_at = happening.now
    words = f"Kit checked, missing: {missing.strip()}" if missing.strip() else KIT_COMPLETE
    note(session, tablet, kind=KIT_CHECKED, words=words[:200], actor=actor, happening=happening)


def waive_os_floor(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """Let an Android older than the floor be lent, with the reason on record. Raises `BadInput` without one."""
    tablet = lock_tablet(session, tablet_id)
    _refuse_if_gone(tablet)
    if not happening.reason.strip():
        raise BadInput("The floor was not waived.", fields={"reason": "Say why this tablet may be lent all the same."})
    tablet.os_floor_waiver = f"{happening.reason.strip()} ({actor.name})"
    tablet.changed_at = happening.now
    note(session, tablet, kind="os_floor_waived", words="Android floor waived", actor=actor, happening=happening)


def order_destruction(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """Let a retired tablet that cannot be wiped go to a carrier who destroys it. Raises `BadInput` without a reason."""
    tablet = lock_tablet(session, tablet_id)
    if tablet.stage is not Stage.RETIRED:
        raise Conflict(
            f"Nothing was changed. Tablet {tablet.id} is not retired.", next_step="Retire it first, saying why."
        )
    if not happening.reason.strip():
        raise BadInput("Nothing was ordered.", fields={"reason": "Say why it cannot be wiped, and who destroys it."})
    tablet.destruction_ordered = True
    tablet.changed_at = happening.now
    note(session, tablet, kind="destruction_ordered", words="Destruction ordered", actor=actor, happening=happening)


def identify(
    session: Session,
    tablet: Tablet,
    *,
    manufacturer: str | None = None,
    model: str | None = None,
    os_release: int | None = None,
    battery_percent: int | None = None,
    now: datetime,
) -> None:
    """Write down what the bench read from a tablet; only what was given changes."""
    tablet.manufacturer = manufacturer or tablet.manufacturer
    tablet.model = model or tablet.model
    tablet.os_release = os_release if os_release is not None else tablet.os_release
    tablet.battery_percent = battery_percent if battery_percent is not None else tablet.battery_percent
    tablet.changed_at = now
    session.flush()


def record_profile(session: Session, tablet_id: int, *, profile: str, version: int, now: datetime) -> None:
    """Write down which profile it is being made into. Asked by the bench as provisioning begins."""
    tablet = lock_tablet(session, tablet_id)
    tablet.profile, tablet.profile_version, tablet.changed_at = profile, version, now
    session.flush()


def confirm_label(session: Session, tablet_id: int, *, actor: Actor, happening: Happening) -> None:
    """Record that this tablet's own label was scanned back from it. Asked by the tags room once codes match."""
    tablet = lock_tablet(session, tablet_id)
    _refuse_if_gone(tablet)
    tablet.label_confirmed_at = happening.now
    tablet.changed_at = happening.now
    note(session, tablet, kind="label_confirmed", words="Label scanned back", actor=actor, happening=happening)


def set_label(
    session: Session,
    tablet_id: int,
    code: str,
    *,
    words: str,
    actor: Actor,
    happening: Happening,
    as_it_was: bool = False,
) -> None:
    """Write down which code its label carries, or none; it has to be scanned back again. Asked by the tags room.
    `as_it_was` is for a label that it carried before it came on record, though it has left the fleet since."""
    tablet = lock_tablet(session, tablet_id)
    if not as_it_was:
        _refuse_if_gone(tablet)
    tablet.label_code, tablet.label_confirmed_at, tablet.changed_at = code, None, happening.now
    note(session, tablet, kind="label", words=words, actor=actor, happening=happening)


def _refuse_if_gone(tablet: Tablet) -> None:
    if tablet.stage in FINAL:
        raise Conflict(
            f"Tablet {tablet.id} has left the fleet ({tablet.stage.value}); only notes can be added.",
            next_step="Check the number: is this the tablet in your hand?",
        )
