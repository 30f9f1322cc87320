"""How gatherings are said and shown."""

from __future__ import annotations

from datetime import time
from urllib.parse import urlsplit

from fleet.gatherings.models import Gathering
from fleet.gatherings.rules import GatheringState, Platform, Theme
from fleet.web.shapes import Shape, StateTag
from provisioning.profiles.library import built_in_library

THEME_WORDS: dict[Theme, str] = {
    Theme.MUSIC: "Music",
    Theme.CURRENT_AFFAIRS: "Current affairs",
    Theme.EXERCISE: "Exercise",
    Theme.BOOKS: "Books",
    Theme.CRAFTS: "Crafts",
    Theme.FOOD: "Food and cooking",
    Theme.FAITH: "Faith",
    Theme.LEARNING: "Learning",
    Theme.LANGUAGE: "Practising a language",
    Theme.COMPANY: "Company and a chat",
    Theme.SUPPORT: "Support",
    Theme.OTHER: "Something else",
}
PLATFORM_WORDS: dict[Platform, str] = {
    Platform.JITSI: "Jitsi Meet",
    Platform.ZOOM: "Zoom",
    Platform.TEAMS: "Microsoft Teams",
    Platform.WHATSAPP: "WhatsApp",
    Platform.WEB: "A web page",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LANGUAGES = {code: each.title for code, each in built_in_library().languages.items()}
_TAGS: dict[GatheringState, StateTag] = {
    GatheringState.PROPOSED: StateTag("Proposed", Shape.WAITING),
    GatheringState.APPROVED: StateTag("Approved", Shape.DONE),
    GatheringState.ENDED: StateTag("Ended", Shape.PLAIN),
}


def state_tag(state: GatheringState) -> StateTag:
    return _TAGS[state]


def time_words(at: time) -> str:
    """As the hour is written in a letter: 10:30."""
    return f"{at:%H:%M}"


def when_words(gathering: Gathering) -> str:
    """Every Tuesday, 10:30, for 60 minutes."""
    day = WEEKDAYS[gathering.weekday]
    return f"Every {day}, {time_words(gathering.starts_at)}, for {gathering.minutes} minutes"


def short_words(gathering: Gathering) -> str:
    """Enough to choose it by: Music morning, Tuesday 10:30."""
    return f"{gathering.title}, {WEEKDAYS[gathering.weekday]} {time_words(gathering.starts_at)}"


def host_of(link: str) -> str:
    """Where a link leads, without the part that lets one in: for those who see the entry but may not join by it."""
    return urlsplit(link).hostname or ""


def access_words(gathering: Gathering) -> str:
    kept = (("BSL", gathering.bsl), ("captions", gathering.captions))
    return " and ".join(word for word, there in kept if there)
