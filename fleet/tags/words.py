"""Labels in words: their states, what was printed, and what a finder reads in each language of `finder.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fleet.tags.rules import TagState
from fleet.tags.rules.printing import BatchKind, Condition, Language, PrintJobState, Way
from fleet.web.shapes import Shape, StateTag

TAG_STATES: dict[TagState, StateTag] = {
    TagState.BLANK: StateTag("Blank"),
    TagState.ATTACHED: StateTag("On a tablet", Shape.DONE),
    TagState.REPLACED: StateTag("Replaced"),
    TagState.VOID: StateTag("Void", Shape.LOST),
}

PRINT_STATES: dict[PrintJobState, StateTag] = {
    PrintJobState.QUEUED: StateTag("Waits for a worker", Shape.WAITING),
    PrintJobState.SENDING: StateTag("Being sent", Shape.WORKING),
    PrintJobState.SENT: StateTag("Sent", Shape.DONE),
    PrintJobState.FAILED: StateTag("Not sent", Shape.DANGER),
    PrintJobState.SET_ASIDE: StateTag("Set aside"),
}

CONDITIONS: dict[Condition, StateTag] = {
    Condition.UNKNOWN: StateTag("Not known"),
    Condition.READY: StateTag("Ready", Shape.DONE),
    Condition.HANDS: StateTag("Needs hands", Shape.HANDS),
    Condition.AWAY: StateTag("Away", Shape.DANGER),
}

WAYS: dict[Way, str] = {
    Way.RAW: "Over the network, to its own address",
    Way.CUPS: "Through a print queue of the computer where the worker runs",
    Way.BROWSER: "A person prints the PDF from the browser",
}

LANGUAGES: dict[Language, str] = {
    Language.PDF: "PDF: sheets of labels, any office printer",
    Language.ZPL: "ZPL: Zebra, and others that speak it",
    Language.BROTHER_QL: "Brother QL-800 to QL-820NWB",
    Language.DYMO: "DYMO LabelWriter 450",
    Language.DYMO_550: "DYMO LabelWriter 550",
}

BATCH_WORDS: dict[BatchKind, str] = {
    BatchKind.TABLET: "Labels of tablets",
    BatchKind.BLANK: "Blank labels",
    BatchKind.CHARGER: "Labels of chargers",
    BatchKind.KIT_BAG: "Labels of kit bags",
    BatchKind.SIM_ENVELOPE: "Labels of SIM envelopes",
}


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
