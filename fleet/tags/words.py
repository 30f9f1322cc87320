"""Labels in words: their states, what was printed, and what a finder reads in each language of `finder.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fleet.tags.rules import TagState
from fleet.tags.rules.printing import BatchKind
from fleet.web.shapes import Shape, StateTag

TAG_STATES: dict[TagState, StateTag] = {
    TagState.BLANK: StateTag("Blank", Shape.PLAIN),
    TagState.ATTACHED: StateTag("On a tablet", Shape.DONE),
    TagState.REPLACED: StateTag("Replaced", Shape.LOST),
    TagState.VOID: StateTag("Void", Shape.DANGER),
}

BATCH_WORDS: dict[BatchKind, str] = {BatchKind.TABLET: "Labels of tablets", BatchKind.BLANK: "Blank labels"}


@dataclass(frozen=True)
class FinderWords:
    """The finder page in one language."""

    language: str
    direction: str
    thanks: str
    ring: str
    call: str
    where: str
    hint: str
    send: str
    told: str


@cache
def finder_words() -> tuple[FinderWords, ...]:
    """The languages in the order of their file; the first is the page's own."""
    tables = tomllib.loads(files("fleet.tags").joinpath("finder.toml").read_text(encoding="utf-8"))
    return tuple(FinderWords(language=language, **words) for language, words in tables.items())
