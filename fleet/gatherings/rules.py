"""A gathering's words and its small machine: proposed, approved, ended. Only an approved one reaches a tablet.

Plain Python, no I/O. docs/lifecycle.md is drawn from this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from fleet.machine import SAY_WHY, done_by, stands_elsewhere
from fleet.users.rules import Role


class Theme(StrEnum):
    MUSIC = "music"
    CURRENT_AFFAIRS = "current_affairs"
    EXERCISE = "exercise"
    BOOKS = "books"
    CRAFTS = "crafts"
    FOOD = "food"
    FAITH = "faith"
    LEARNING = "learning"
    LANGUAGE = "language"
    COMPANY = "company"
    SUPPORT = "support"
    OTHER = "other"


class Platform(StrEnum):
    JITSI = "jitsi"
    ZOOM = "zoom"
    TEAMS = "teams"
    WHATSAPP = "whatsapp"
    WEB = "web"


class GatheringState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    ENDED = "ended"


class GatheringMove(StrEnum):
    APPROVE = "approve"
    DECLINE = "decline"
    END = "end"
    BRING_BACK = "bring_back"


@dataclass(frozen=True)
class Transition:
    """One row of the table."""

    move: GatheringMove
    source: GatheringState
    target: GatheringState
    words: str
    roles: frozenset[Role] = frozenset({Role.COORDINATOR})
    needs_reason: bool = False


MOVES: tuple[Transition, ...] = (
    Transition(GatheringMove.APPROVE, GatheringState.PROPOSED, GatheringState.APPROVED, "Approved"),
    Transition(GatheringMove.DECLINE, GatheringState.PROPOSED, GatheringState.ENDED, "Not taken up", needs_reason=True),
    Transition(GatheringMove.END, GatheringState.APPROVED, GatheringState.ENDED, "Ended", needs_reason=True),
    Transition(GatheringMove.BRING_BACK, GatheringState.ENDED, GatheringState.APPROVED, "Brought back"),
)
BY_MOVE = {transition.move: transition for transition in MOVES}

MOST_CHOSEN = 5
"""A home screen has six tiles at most, and Help is one of them."""
LONGEST_MINUTES = 480

SHOWN_ON_A_TABLET = frozenset({"title", "theme", "weekday", "starts_at", "platform", "link"})
"""A change of any of these makes another revision."""

PICTURES: Mapping[Theme, str] = {
    Theme.MUSIC: "music",
    Theme.CURRENT_AFFAIRS: "internet",
    Theme.BOOKS: "photos",
    Theme.LANGUAGE: "messages",
    Theme.SUPPORT: "phone",
}
"""The picture of a theme's tile, by its name in Doorstep Home; a camera for every other theme."""
USUAL_PICTURE = "video"


@dataclass(frozen=True)
class Entry:
    """What stands in the catalogue, as it was typed."""

    host_id: int
    title: str
    theme: Theme
    weekday: int
    starts_at: time
    minutes: int
    platform: Platform
    link: str
    language: str = "en"
    bsl: bool = False
    captions: bool = False


def refusals(move: GatheringMove, state: GatheringState, roles: frozenset[Role], reason: str) -> tuple[str, ...]:
    """Every reason why this move may not be made; empty when it may."""
    transition = BY_MOVE[move]
    if state is not transition.source:
        return (stands_elsewhere("It", state, (transition.source,)),)
    found = []
    if not transition.roles & roles:
        found.append(done_by(transition.roles))
    if transition.needs_reason and not reason.strip():
        found.append(SAY_WHY)
    return tuple(found)


def offers(state: GatheringState, roles: frozenset[Role]) -> tuple[Transition, ...]:
    """What these people may press next."""
    return tuple(row for row in MOVES if row.source is state and row.roles & roles)


def entry_problems(entry: Entry) -> dict[str, str]:
    """A sentence for each answer that cannot be; the link and the language are looked at elsewhere."""
    problems = {
        "title": "" if 0 < len(entry.title.strip()) <= 60 else "Enter its name, up to 60 letters: it is on the tile.",
        "weekday": "" if 0 <= entry.weekday <= 6 else "Choose the day.",
        "minutes": ""
        if 1 <= entry.minutes <= LONGEST_MINUTES
        else f"Enter how many minutes it lasts, from 1 to {LONGEST_MINUTES}.",
    }
    return {field: sentence for field, sentence in problems.items() if sentence}
