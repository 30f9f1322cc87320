"""What came of applying a plan: one report a step, and how the whole ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from provisioning.facts.plain import Plain, from_plain, to_plain
from provisioning.resources.step import Outcome, Step


@dataclass(frozen=True)
class StepReport:
    """`number` counts from 0 within the plan. `said` is what the tablet answered, with secrets as ``***``."""

    number: int
    step: Step
    outcome: Outcome
    said: str
    started_at: datetime
    ended_at: datetime

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain


class Ended(StrEnum):
    """How an apply ended. FINISHED says that every step was tried, not that every step held: verify says that."""

    FINISHED = "finished"
    STOPPED = "stopped"
    LINK_LOST = "link_lost"


@dataclass(frozen=True)
class ApplyReport:
    """`why` is a sentence for the bench where the apply ended early."""

    ended: Ended
    steps: tuple[StepReport, ...]
    why: str = ""

    @property
    def all_ok(self) -> bool:
        return self.ended is Ended.FINISHED and all(report.outcome is Outcome.OK for report in self.steps)

    def to_json(self) -> Plain:
        plain: Plain = to_plain(self)
        return plain


def step_report_from_json(data: Mapping[str, Any]) -> StepReport:
    return from_plain(StepReport, data)


def apply_report_from_json(data: Mapping[str, Any]) -> ApplyReport:
    return from_plain(ApplyReport, data)
