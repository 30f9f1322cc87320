"""A grade given with a card at the bench: the whole of triage in one scan, and how it is taken back.

A person still looks at the body, for nothing reads scratches or a swollen battery over a cable. What a bench finds by
itself (accounts, locks) stays open here: it is found before the wipe, whatever anybody answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.intake import queries
from fleet.intake.models import Intake
from fleet.intake.rules import Answer, BatteryLook, QuickLook, Route
from fleet.intake.service.table import record_look, triage
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.health import latest_health
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Grade, Move, Stage
from fleet.users.actor import Actor
from provisioning.health.suggestion import Suggestion

BODIES = {Grade.A: "good", Grade.B: "marked", Grade.C: "works, with a fault we accept"}
"""What each card says of a tablet's body; X is no card, for it ends a tablet's life with us."""


@dataclass(frozen=True)
class BeforeTriage:
    """What is known of a tablet that waits for its grade. `suggestion` is None for one that no bench has read."""

    stolen_checked: bool
    suggestion: Suggestion | None


def before_triage(session: Session, tablet_id: int) -> BeforeTriage:
    record, read = queries.intake_of(session, tablet_id), latest_health(session, tablet_id)
    return BeforeTriage(record is not None and record.stolen_result is not None, read.suggestion if read else None)


def grade_by_card(
    session: Session,
    tablet_id: int,
    grade: Grade,
    *,
    known: BeforeTriage,
    actor: Actor,
    settings: Settings,
    happening: Happening,
) -> Tablet:
    """Close triage of a usable tablet with one scan. A quick look that is on record already stands.

    Raises `MoveRefused` with every reason, and `Conflict` where its own facts say that it cannot be used.
    """
    if known.suggestion is not None and known.suggestion.grade == Grade.X.value:
        raise Conflict(
            f"Its own facts say that it cannot be used. {known.suggestion.reasons[0].sentence}",
            next_step="Settle that on its triage page.",
        )
    record = queries.intake_of(session, tablet_id)
    if tablets.get_tablet(session, tablet_id).stage is Stage.RECEIVED and (record is None or record.looked_at is None):
        look = QuickLook(Answer.UNKNOWN, Answer.UNKNOWN, BatteryLook.OK, f"Body {BODIES[grade]}.")
        record_look(session, tablet_id, look, actor=actor, happening=happening)
    return triage(
        session,
        tablet_id,
        grade=grade,
        route=Route.USABLE,
        reason=f"Body {BODIES[grade]}: looked over at the bench, and said with a card",
        actor=actor,
        settings=settings,
        happening=happening,
    )


def check_grade_stands(session: Session, tablet_id: int, *, given_at: datetime) -> Intake:
    """What intake has of a tablet whose last grade was given then. Raises `Conflict` where it was graded anew since."""
    record = queries.intake_of(session, tablet_id)
    if record is None or record.triaged_at != given_at:
        raise Conflict(f"Tablet {tablet_id} was graded anew since then.", next_step="Open its triage page.")
    return record


def take_grade_back(
    session: Session, tablet_id: int, *, given_at: datetime, actor: Actor, settings: Settings, happening: Happening
) -> Tablet:
    """Let a tablet wait for its grade again. Raises `Conflict` where it was graded anew since `given_at`, and
    `MoveRefused` where something came of the grade."""
    tablet = tablets.lock_tablet(session, tablet_id)
    record = check_grade_stands(session, tablet_id, given_at=given_at)
    tablets.move(session, tablet_id, Move.TAKE_TRIAGE_BACK, actor=actor, settings=settings, happening=happening)
    if record.looked_at == given_at:  # the card's own look, made with the grade; a person's own stands
        record.accounts_left = record.locked = record.battery = record.looked_at = None
        record.condition = record.looked_by = ""
        tablet.accounts_answered = False
    tablet.grade = None
    record.grade, record.grade_reason, record.route = None, "", None
    record.triaged_at, record.triaged_by = None, ""
    session.flush()
    return tablet
