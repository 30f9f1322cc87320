"""The grade that a tablet's own facts suggest, kept in its log: for a person at triage to weigh, never to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.tablets import queries
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.tablets.service import note
from fleet.users.actor import SYSTEM
from provisioning.facts.observation import Observation
from provisioning.health.grading import suggest_grade
from provisioning.health.suggestion import Suggestion, suggestion_from_json

KIND = "health"
AT_INTAKE = frozenset({Stage.EXPECTED, Stage.RECEIVED, Stage.TRIAGED, Stage.REPAIR})
"""Where a grade is still to be given, so that it is worth reading a tablet for one."""


@dataclass(frozen=True)
class HealthRead:
    """What a tablet's facts suggested when they were last read."""

    suggestion: Suggestion
    read_at: datetime


def wants_health(session: Session, tablet: Tablet | None, *, since: datetime) -> bool:
    """Whether a tablet stands before its triage and has not been read for a grade since then."""
    if tablet is None or tablet.stage not in AT_INTAKE:
        return False
    latest = queries.latest_event(session, tablet.id, KIND)
    return latest is None or latest.at < since


def note_health(session: Session, tablet: Tablet, seen: Observation, *, now: datetime) -> Suggestion:
    """Add to the log what the observation suggests. Neither the grade nor the stage changes."""
    suggestion = suggest_grade(seen)
    words = f"Its facts suggest grade {suggestion.grade}" if suggestion.grade else "Its facts suggest no grade"
    happening = Happening(
        now=now,
        source="bench",
        reason=" ".join(finding.sentence for finding in suggestion.reasons),
        details=suggestion.to_json(),
    )
    note(session, tablet, kind=KIND, words=words, actor=SYSTEM, happening=happening)
    return suggestion


def latest_health(session: Session, tablet_id: int) -> HealthRead | None:
    """What was suggested last; None for a tablet that was never read for it."""
    event = queries.latest_event(session, tablet_id, KIND)
    return HealthRead(suggestion_from_json(event.details), event.at) if event else None
