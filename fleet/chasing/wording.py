"""Turns a rung and a loan into the words a borrower reads. The texts are data, one file a language in texts/, in the
shape of the texts for papers, and days are said as papers say them.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Template
from unicodedata import bidirectional

from fleet.chasing.rules import EasyRead, Moved, OwnText, Rung, TextState, easy_read_for
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
    """What a text is filled in with. `also_due` are the due dates of other tablets that the message speaks of;
    `also_ended` those that had gone by when it left."""

    first_names: tuple[str, ...]
    due_on: date
    hub: str
    phone: str
    also_due: tuple[date, ...] = ()
    also_ended: tuple[date, ...] = ()
    moved: Moved | None = None


@dataclass(frozen=True)
class Written:
    """What a borrower reads. `is_own` says that the words are the programme's; `easy` where its easy read is from."""

    language: str
    rtl: bool
    subject: str
    body: str
    is_own: bool = False
    easy: EasyRead = EasyRead.NONE

    @property
    def is_easy(self) -> bool:
        """Whether the body is easy read."""
        return self.easy is not EasyRead.NONE


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


_SAME_WORDS = {"three_weeks_after": "days_after"}
"""A letter that a person asks for says what the last message said: the same kind offer, on paper."""


def _key_of(rung: Rung) -> str:
    return _SAME_WORDS.get(rung.key, rung.key)


_NAMES = {"first_name", "due_date", "hub", "ring_us"}


def has_text(rung: Rung) -> bool:
    """Whether there are words for this rung that can be filled in: its own, or those of its key."""
    return can_be_filled(rung.subject, rung.body) if rung.body else _key_of(rung) in messages(ENGLISH).texts


def can_be_filled(subject: str, body: str) -> bool:
    """Whether a programme's own words have a subject, and blanks for nothing but what we know."""
    own = (Template(subject), Template(body))
    return bool(subject) and all(each.is_valid() and set(each.get_identifiers()) <= _NAMES for each in own)


def easy_refused(subject: str, body: str, easy: str) -> str:
    """Why a programme's own easy read cannot be kept; empty where it can."""
    if not easy:
        return ""
    if not body:
        return "Write the message first: its easy read goes with it."
    if not can_be_filled(subject, easy):
        return "Use only these blanks: $first_name, $due_date, $hub, $ring_us."
    return ""


def write(rung: Rung, language: str, blanks: Blanks, *, easy: bool = False, with_drafts: bool = False) -> Written:
    """What a borrower reads at a rung: the programme's own words, which are English where it has none in that
    language; or ours.

    With `easy` in easy read: the programme's own, otherwise ours for the same step in the same language, otherwise the
    plain words. Easy read that nobody has read is passed over, unless `with_drafts`.
    """
    own = rung.in_language(language) or rung.in_language(ENGLISH)
    known = messages(own.language if own is not None else language)
    ours = known.texts.get(_key_of(rung))
    text, source = _text_of(own, ours, known.state, with_drafts) if own is not None else (ours, EasyRead.OURS)
    assert text is not None
    body = text.easy if easy and text.easy is not None else text.body
    filled = _filled(known, blanks)
    return Written(
        known.language,
        known.rtl,
        text.subject.substitute(filled),
        _with_others(body.substitute(filled), known, blanks),
        is_own=own is not None,
        easy=source if body is text.easy else EasyRead.NONE,
    )


def _text_of(own: OwnText, ours: Text | None, state: TextState, with_drafts: bool) -> tuple[Text, EasyRead]:
    """A programme's own words with the easy read that goes with them, and where that is from."""
    known = state if ours is not None and ours.easy is not None else TextState.MISSING
    source = easy_read_for(own, known, with_drafts=with_drafts)
    theirs = ours.easy if ours is not None and source is EasyRead.OURS else None
    easy = Template(own.easy.strip()) if source is EasyRead.OWN else theirs
    return Text(Template(own.subject), Template(own.body.strip()), easy), source


def _filled(known: Messages, blanks: Blanks) -> dict[str, str]:
    phone = _placed(blanks.phone, rtl=known.rtl)
    ring_us = known.phrases["ring_us"].substitute(phone=phone) if blanks.phone else known.phrases["talk_to_us"].template
    filled = {
        "first_name": _listed(known, blanks.first_names),
        "due_date": _day(known, blanks.due_on),
        "hub": _placed(blanks.hub, rtl=known.rtl),
        "ring_us": ring_us,
    }
    if blanks.moved is not None:
        because = known.phrases[f"moved_{blanks.moved.because.value}"].template
        filled |= {"old_date": _day(known, blanks.moved.before), "why_moved": because}
    return filled


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


def _with_others(body: str, known: Messages, blanks: Blanks) -> str:
    """The body with a line about the other tablets that the message speaks of, before its last words: one for each day,
    however many are due on it."""
    others = [
        (f"{phrase}_several" if number > 1 else phrase, day)
        for phrase, days in (("also_ended", blanks.also_ended), ("also", blanks.also_due))
        for day, number in sorted(Counter(days).items())
    ]
    if not others:
        return body
    lines = "\n".join(known.phrases[phrase].substitute(due_date=_day(known, day)) for phrase, day in others)
    head, _, last = body.rpartition("\n\n")
    return f"{head}\n\n{lines}\n\n{last}"
