"""In which language somebody is written to, and when somebody has to answer first. Plain Python, no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fleet.chasing.rules.ladder import OwnText, Rung

ENGLISH = "en"


class TextState(StrEnum):
    """How far the messages in a language are."""

    READY = "ready"
    DRAFT = "draft"
    """Nobody whose language it is has read them."""
    MISSING = "missing"


class EasyRead(StrEnum):
    """Where the easy read words of a message come from, in the order in which they are looked for."""

    OWN = "own"
    """The programme's own."""
    OURS = "ours"
    """Those that come with Doorstep for this step."""
    NONE = "none"
    """Nobody has written any, or read them: the plain words go, and somebody makes easy read of them by hand."""


class LanguageChoice(StrEnum):
    """What somebody answers where the messages in a person's language are a draft, or missing."""

    ENGLISH = "english"
    DRAFT = "draft"
    CALL = "call"


@dataclass(frozen=True)
class Reading:
    """What a person reads, how far our words in it are, and what was answered for this language."""

    language: str = ENGLISH
    name: str = "English"
    state: TextState = TextState.READY
    choice: LanguageChoice | None = None


READS_ENGLISH = Reading()


def state_for(rung: Rung, reading: Reading) -> TextState:
    """How far the words of one rung are: ours, or a programme's own, which are ready once somebody has read them."""
    if not rung.body or reading.language == ENGLISH:
        return reading.state
    own = rung.in_language(reading.language)
    if own is None:
        return TextState.MISSING
    return TextState.READY if own.read_by else TextState.DRAFT


def easy_read_for(own: OwnText, ours: TextState, *, with_drafts: bool) -> EasyRead:
    """Which easy read goes with a programme's own words in a language. `ours` says how far our easy read for the same
    step is in that language. What nobody has read is passed over, unless `with_drafts`."""
    if own.easy and (own.easy_read_by or with_drafts):
        return EasyRead.OWN
    if ours is TextState.READY or (with_drafts and ours is TextState.DRAFT):
        return EasyRead.OURS
    return EasyRead.NONE


def language_for(rung: Rung, reading: Reading) -> str | None:
    """The language of a message; None where a person rings instead, because nobody has answered, or so."""
    state = state_for(rung, reading)
    if state is TextState.READY:
        return reading.language
    if reading.choice is LanguageChoice.ENGLISH:
        return ENGLISH
    return reading.language if (reading.choice, state) == (LanguageChoice.DRAFT, TextState.DRAFT) else None


def why_not_written(rung: Rung, reading: Reading) -> str:
    """The second half of a sentence, for a rung that `language_for` has no language for."""
    if reading.choice is LanguageChoice.CALL:
        return f"they read {reading.name}, and somebody decided that a person rings"
    if state_for(rung, reading) is TextState.DRAFT:
        return f"they read {reading.name}, and nobody has read our words in it yet: decide how they hear from us"
    return f"they read {reading.name}, and we have no words in it for this step: decide how they hear from us"


def wants_an_answer(rung: Rung, reading: Reading) -> bool:
    """Whether nobody has decided yet how this person hears from us."""
    return language_for(rung, reading) is None and reading.choice is not LanguageChoice.CALL


def leaves_unread(reading: Reading) -> bool:
    """Whether somebody decided that this person gets words in their language that nobody has read."""
    return reading.choice is LanguageChoice.DRAFT


def how_written(rung: Rung, reading: Reading, language: str) -> str:
    """What the ledger notes of a message that is not simply in the person's language; empty where it is."""
    if language != reading.language:
        return f"In English, as somebody decided: they read {reading.name}."
    if state_for(rung, reading) is TextState.DRAFT:
        return f"In {reading.name} as drafted, as somebody decided: nobody whose language it is has read it."
    return ""
