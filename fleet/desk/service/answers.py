"""What a scan at the desk is answered with, and the answers that several modes share."""

from __future__ import annotations

from dataclasses import dataclass

from fleet.desk.models import DeskScan
from fleet.desk.rules import DeskOutcome
from fleet.desk.service.lost import called
from fleet.errors import BadInput, DoorstepError, MoveRefused
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.tablets.models import Tablet, TabletEvent
from fleet.tablets.words import stage_words
from fleet.users.actor import Actor


@dataclass(frozen=True)
class Said:
    """How a scan ended, in words; `href` leads to what it is about."""

    outcome: DeskOutcome
    said: str
    next_step: str = ""
    href: str = ""


@dataclass(frozen=True)
class Asked:
    """A scan that is being answered: its row, who made it, and what was ticked beside it."""

    row: DeskScan
    actor: Actor
    settings: Settings
    happening: Happening
    missing: tuple[str, ...] = ()


def because_of(refused: DoorstepError, code: str) -> Said:
    """A refusal as an answer, with every reason."""
    reasons = refused.reasons if isinstance(refused, MoveRefused) else ()
    fields = tuple(refused.fields.values()) if isinstance(refused, BadInput) else ()
    why = " ".join(reasons or fields) or refused.message.removeprefix("Nothing was changed. ")
    return Said(DeskOutcome.BLOCKED, f"{code}: {why}" if code else why, refused.next_step)


def open_page(tablet: Tablet) -> str:
    return f"/tablets/{tablet.id}"


def lost(tablet: Tablet) -> Said:
    return Said(
        DeskOutcome.BLOCKED,
        f"{called(tablet)} is LOST by our books. You have found it.",
        "Open it and say where it was; or scan the card “Receive”, then it again.",
        f"/desk/lost/{tablet.id}",
    )


def gone(tablet: Tablet) -> Said:
    said = f"{called(tablet)} left our stock: {stage_words(tablet.stage).lower()}."
    return Said(DeskOutcome.BLOCKED, said, "Take it out, and tell a coordinator that it is here.", open_page(tablet))


def because_swapped(swapped: TabletEvent | None) -> str:
    """That another took its place, as the end of an answer."""
    return f" {swapped.words}." if swapped is not None else ""
