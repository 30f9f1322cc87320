"""Suggests a grade for a tablet from one observation, with its reasons; nothing is read and nothing decided here."""

from __future__ import annotations

from collections.abc import Mapping

from provisioning.errors import FactUnreadable
from provisioning.facts.battery import BATTERY
from provisioning.facts.cameras import CAMERAS
from provisioning.facts.display import DISPLAY
from provisioning.facts.features import FEATURES
from provisioning.facts.identity import IDENTITY
from provisioning.facts.memory import MEMORY
from provisioning.facts.observation import Observation
from provisioning.facts.packages import ENABLED_PACKAGES
from provisioning.facts.software import SECURITY_PATCH, SOFTWARE
from provisioning.facts.storage import STORAGE
from provisioning.facts.trade_in import TRADE_IN
from provisioning.facts.wear import BATTERY_WEAR, STORAGE_WEAR
from provisioning.health.judges import JUDGES, Judge
from provisioning.health.suggestion import Confidence, Finding, Grade, GradePolicy, Suggestion

HEALTH_FACTS = (
    IDENTITY,
    SOFTWARE,
    SECURITY_PATCH,
    BATTERY,
    BATTERY_WEAR,
    STORAGE,
    STORAGE_WEAR,
    MEMORY,
    DISPLAY,
    FEATURES,
    CAMERAS,
    ENABLED_PACKAGES,
    TRADE_IN,
)
"""What the judges look at: enough to read for a suggestion alone."""

_FEW_GAPS = 2


def suggest_grade(
    seen: Observation, policy: GradePolicy | None = None, *, judges: Mapping[str, Judge] = JUDGES
) -> Suggestion:
    """The grade of the worst finding. Subjects nothing is known of lower the confidence and are listed.

    With less than half of the subjects known no grade is suggested, but what was found is still told.
    """
    rules = policy or GradePolicy()
    findings: list[Finding] = []
    unreadable: dict[str, str] = {}
    for subject, judge in judges.items():
        try:
            findings += judge(seen, rules)
        except FactUnreadable as error:
            unreadable[subject] = error.why
    reasons = tuple(sorted(findings, key=lambda finding: finding.grade, reverse=True))
    enough = 2 * len(unreadable) <= len(judges)
    grade = (reasons[0].grade if reasons else Grade.A) if enough else None
    return Suggestion(grade, _confidence(len(unreadable)), reasons, unreadable)


def _confidence(gaps: int) -> Confidence:
    if gaps > _FEW_GAPS:
        return Confidence.LOW
    return Confidence.MEDIUM if gaps else Confidence.HIGH
