"""What a suggested grade is made of: findings as sentences, how sure it is, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from provisioning.facts.plain import Plain, from_plain, to_plain


class Grade(StrEnum):
    """As people at the intake table give them: A good, B marked, C works with a fault we accept, X unusable.

    Their letters sort from best to worst.
    """

    A = "A"
    B = "B"
    C = "C"
    X = "X"


class Confidence(StrEnum):
    """How much of what decides a grade could be read."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True)
class Finding:
    """Something that speaks against a tablet: the best grade it can have with it, and why, as a sentence."""

    grade: Grade
    sentence: str


@dataclass(frozen=True)
class Suggestion:
    """`grade` is None where too little could be read. `reasons` come worst first; none is needed for an A.

    `unreadable` says for each subject why nothing is known of it. A person decides; this only speaks up.
    """

    grade: Grade | None
    confidence: Confidence
    reasons: tuple[Finding, ...]
    unreadable: Mapping[str, str]

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain


def suggestion_from_json(data: Mapping[str, Any]) -> Suggestion:
    return from_plain(Suggestion, data)


@dataclass(frozen=True)
class GradePolicy:
    """Where the lines are drawn. They are ours, not a maker's: an organisation may draw others."""

    battery_fair_percent: int = 85
    battery_poor_percent: int = 70
    battery_spent_percent: int = 50
    battery_many_cycles: int = 800
    storage_worn_percent: int = 60
    storage_spent_percent: int = 90
    storage_small_gib: int = 12
    storage_least_gib: int = 6
    memory_tight_gib: int = 3
    memory_poor_gib: int = 2
    memory_least_gib: int = 1
    patch_old_days: int = 2 * 365
    patch_very_old_days: int = 4 * 365
    screen_coarse_pixels: int = 800
    screen_poor_pixels: int = 720
    sdk_few_apps: int = 28
    sdk_least: int = 24
