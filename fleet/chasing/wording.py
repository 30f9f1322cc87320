"""Turns a rung and a loan into the words a borrower reads. The texts are data, one file a language in texts/, in the
shape of the texts for papers, and days are said as papers say them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Template
from unicodedata import bidirectional

from fleet.chasing.rules import Rung, TextState
from labels.paper.texts import paper_texts
from labels.script.bidi import isolated

TEXTS = Path(__file__).parent / "texts"
ENGLISH = "en"


@dataclass(frozen=True)
class Text:
    """One message with its $names not filled in. `easy` is its easy read version, where it has one."""

    subject: Template
    body: Template
    easy: Template | None = None


@dataclass(frozen=True)
class Messages:
    """All that we write in one language. `state` says whether a reader whose language it is has looked at it."""

    language: str
    rtl: bool
    state: TextState
    phrases: Mapping[str, Template]
    texts: Mapping[str, Text]


@dataclass(frozen=True)
class Blanks:
    """What a text is filled in with. `also_due` are the due dates of other tablets that the message speaks of."""

    first_names: tuple[str, ...]
    due_on: date
    hub: str
    phone: str
    also_due: tuple[date, ...] = ()


@dataclass(frozen=True)
class Written:
    """What a borrower reads. `is_easy` says that it is easy read."""

    language: str
    rtl: bool
    subject: str
    body: str
    is_easy: bool = False


@cache
def languages() -> tuple[str, ...]:
    """The languages that have messages, English first."""
    found = sorted(path.stem for path in TEXTS.glob("*.toml"))
    return (ENGLISH, *(name for name in found if name != ENGLISH))


@cache
def messages(language: str) -> Messages:
    """Raises KeyError for a language that has none."""
    if language not in languages():
        raise KeyError(language)
    data = tomllib.loads((TEXTS / f"{language}.toml").read_text(encoding="utf-8"))
    rtl, review = data.pop("direction") == "rtl", data.pop("review")
    phrases = {key: Template(words) for key, words in data.pop("phrases").items()}
    state = TextState.READY if review["state"] == "reviewed" else TextState.DRAFT
    return Messages(data.pop("language"), rtl, state, phrases, {key: _text(each) for key, each in data.items()})


def _text(data: Mapping[str, str]) -> Text:
    return Text(*(Template(data[part].strip()) for part in ("subject", "body", "easy")))


def text_state(language: str) -> TextState:
    """How far our own messages in a language are."""
    return messages(language).state if language in languages() else TextState.MISSING


_NAMES = {"first_name", "due_date", "hub", "ring_us"}


def has_text(rung: Rung) -> bool:
    """Whether there are words for this rung that can be filled in: its own, or those of its key."""
    return can_be_filled(rung.subject, rung.body) if rung.body else rung.key in messages(ENGLISH).texts


def can_be_filled(subject: str, body: str) -> bool:
    """Whether a programme's own words have a subject, and blanks for nothing but what we know."""
    own = (Template(subject), Template(body))
    return bool(subject) and all(each.is_valid() and set(each.get_identifiers()) <= _NAMES for each in own)


def write(rung: Rung, language: str, blanks: Blanks, *, easy: bool = False) -> Written:
    """What a borrower reads at a rung: the programme's own words, which are English where it has none in that
    language; or ours."""
    own = rung.in_language(language) or rung.in_language(ENGLISH)
    known = messages(own.language if own is not None else language)
    text = Text(Template(own.subject), Template(own.body.strip())) if own is not None else known.texts[rung.key]
    body = text.easy if easy and text.easy is not None else text.body
    filled = _filled(known, blanks)
    return Written(
        known.language,
        known.rtl,
        text.subject.substitute(filled),
        _with_others(body.substitute(filled), known, blanks.also_due),
        is_easy=body is text.easy,
    )


def _filled(known: Messages, blanks: Blanks) -> dict[str, str]:
    phone = _placed(blanks.phone, rtl=known.rtl)
    ring_us = known.phrases["ring_us"].substitute(phone=phone) if blanks.phone else known.phrases["talk_to_us"].template
    return {
        "first_name": _listed(known, blanks.first_names),
        "due_date": _day(known, blanks.due_on),
        "hub": _placed(blanks.hub, rtl=known.rtl),
        "ring_us": ring_us,
    }


def _listed(known: Messages, names: Sequence[str]) -> str:
    """Ann; Ann and Ben; Ann, Ben and Cy."""
    placed = [_placed(name, rtl=known.rtl) for name in names]
    if len(placed) == 1:
        return placed[0]
    comma = known.phrases["comma"].template
    return known.phrases["names"].substitute(names=comma.join(placed[:-1]), name=placed[-1])


def _day(known: Messages, on: date) -> str:
    return paper_texts(known.language).near_day(on)


def _placed(value: str, *, rtl: bool) -> str:
    """A value with a direction of its own, where the sentence has another. The marks make a text message longer, so
    that a value which needs none gets none."""
    return isolated(value) if rtl or any(bidirectional(each) in ("R", "AL") for each in value) else value


def _with_others(body: str, known: Messages, due_dates: Sequence[date]) -> str:
    """The body with a line for each other tablet that the message speaks of, before its last words."""
    if not due_dates:
        return body
    also = known.phrases["also"]
    lines = "\n".join(also.substitute(due_date=_day(known, day)) for day in sorted(due_dates))
    head, _, last = body.rpartition("\n\n")
    return f"{head}\n\n{lines}\n\n{last}"
