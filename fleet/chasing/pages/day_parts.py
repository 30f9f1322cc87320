"""The numbers above the coordinator's list, and what else the day holds: each leads to its own part."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.chasing.service import Counts
from fleet.web.shapes import Shape


@dataclass(frozen=True)
class Part:
    """A number above the list that leads to its part."""

    number: int
    label: str
    shape: Shape
    href: str


def parts_of(counts: Counts) -> tuple[Part, ...]:
    return (
        Part(counts.tasks, "For you to do", Shape.HANDS if counts.tasks else Shape.PLAIN, "/chasing?show=tasks"),
        Part(counts.late, "Late", Shape.DANGER if counts.late else Shape.PLAIN, "/chasing?show=late"),
        Part(counts.today, "Due today", Shape.WAITING if counts.today else Shape.PLAIN, "/chasing?show=today"),
        Part(counts.soon, "Due this week", Shape.PLAIN, "/chasing?show=soon"),
        Part(counts.waiting, "Left in peace", Shape.PLAIN, "/chasing?show=waiting"),
    )


def lines_of(counts: Counts, conflicts: int) -> tuple[Part, ...]:
    """What else the day holds; what is not there is not said."""
    lines = (
        Part(counts.answers, "Answered, and nobody has read it", Shape.HANDS, "/chasing?show=answers"),
        Part(counts.holds, "Holds to look at again", Shape.WAITING, "/chasing?show=holds"),
        Part(counts.searches, "Searches to end", Shape.HANDS, "/chasing?show=searches"),
        Part(counts.data, "Data that ends before the loan", Shape.WAITING, "/chasing?show=data"),
        Part(counts.join, "No gathering joined in a week", Shape.HANDS, "/chasing?show=join"),
        Part(counts.not_delivered, "Not delivered, and tried", Shape.DANGER, "/loans?tried=yes"),
        Part(counts.failed, "Messages that did not leave", Shape.DANGER, "/chasing/ledger?state=failed"),
        Part(conflicts, "Scans to settle", Shape.HANDS, "/courier-runs/conflicts"),
    )
    return tuple(line for line in lines if line.number)


def stages_of(counts: Counts) -> tuple[Part, ...]:
    return tuple(
        Part(number, f"stage {stage}", Shape.PLAIN, f"/chasing?show=late&stage={stage}")
        for stage, number in counts.stages.items()
    )
