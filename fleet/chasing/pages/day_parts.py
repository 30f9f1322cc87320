"""The numbers above the coordinator's list, and what else the day holds: each leads to its own part."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.chasing import service
from fleet.chasing.service import Counts
from fleet.settings import Settings
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
        Part(counts.longer, "Asked for longer", Shape.HANDS, "/chasing?show=longer"),
        Part(counts.data, "Data that ends before the loan", Shape.WAITING, "/chasing?show=data"),
        Part(counts.join, "No gathering joined in a week", Shape.HANDS, "/chasing?show=join"),
        Part(counts.not_delivered, "Not delivered, and tried", Shape.DANGER, "/loans?tried=yes"),
        Part(counts.stopped, "To be fetched when it suits those who are there", Shape.WAITING, "/loans?stopped=yes"),
        Part(counts.letters, "Letters to print", Shape.HANDS, "/chasing/letters"),
        Part(counts.printed, "Letters printed, not posted", Shape.WAITING, "/chasing/letters?show=printed"),
        Part(counts.failed, "Messages that did not leave", Shape.DANGER, "/chasing/ledger?state=failed"),
        Part(conflicts, "Scans to settle", Shape.HANDS, "/courier-runs/conflicts"),
    )
    return tuple(line for line in lines if line.number)


def stages_of(counts: Counts) -> tuple[Part, ...]:
    return tuple(
        Part(number, f"stage {stage}" if stage else "no step yet", Shape.PLAIN, f"/chasing?show=late&stage={stage}")
        for stage, number in counts.stages.items()
    )


@dataclass(frozen=True)
class WaysOut:
    """What the pages say of the ways out that are not set up, or not whole."""

    folder: str
    half_set: tuple[str, ...]


def ways_out_of(settings: Settings) -> WaysOut:
    by_hand = " and ".join(f"{channel}s" for channel in service.outbox(settings).into_the_folder())
    said = f"{by_hand.capitalize()} go into the outbox folder on the server, and somebody has to pass them on by hand: "
    half = tuple(
        f"{each.what} Whoever runs the server has to finish it, or take it away." for each in service.half_set(settings)
    )
    return WaysOut(f"{said}nothing else is set up for them." if by_hand else "", half)
