"""Turns a rung and a loan into the words a borrower reads. The texts are data, one file a language in texts/."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Template

from fleet.chasing.rules import Rung, week_day

TEXTS = Path(__file__).parent / "texts"
FALLBACK = "en"


@dataclass(frozen=True)
class Text:
    """One message in one language, with its $names not filled in."""

    language: str
    subject: Template
    body: Template


@dataclass(frozen=True)
class Blanks:
    """What a text is filled in with."""

    first_name: str
    due_on: date
    hub: str
    phone: str


@cache
def texts(language: str) -> dict[str, Text]:
    """Rung -> its text in a language; empty when there is no file for it."""
    path = TEXTS / f"{language}.toml"
    if not language.replace("-", "").isalnum() or not path.is_file():
        return {}
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        key: Text(language, Template(each["subject"]), Template(each["body"].strip())) for key, each in data.items()
    }


def text_for(rung: str, language: str) -> Text:
    """The text of a rung in the language somebody reads, or in English while it was not translated."""
    return texts(language).get(rung) or texts(FALLBACK)[rung]


_NAMES = {"first_name", "due_date", "hub", "ring_us"}


def has_text(rung: Rung) -> bool:
    """Whether there are words for this rung that can be filled in: its own, or those of its key."""
    if not rung.body:
        return rung.key in texts(FALLBACK)
    own = (Template(rung.subject), Template(rung.body))
    return bool(rung.subject) and all(each.is_valid() and set(each.get_identifiers()) <= _NAMES for each in own)


def text_of(rung: Rung, language: str) -> Text:
    """What a borrower reads at a rung: the programme's own words, or the text in the language that they read."""
    if rung.body:
        return Text(FALLBACK, Template(rung.subject), Template(rung.body.strip()))
    return text_for(rung.key, language)


def fill_in(text: Text, blanks: Blanks) -> tuple[str, str]:
    """Subject and body as the borrower reads them."""
    words = {
        "first_name": blanks.first_name,
        "due_date": week_day(blanks.due_on),
        "hub": blanks.hub,
        "ring_us": f"ring us on {blanks.phone}" if blanks.phone else "talk to us",
    }
    return text.subject.substitute(words), text.body.substitute(words)


def with_others(body: str, due_dates: Sequence[date], language: str) -> str:
    """The body with a line for each other tablet that the message speaks of, before its last words."""
    if not due_dates:
        return body
    also = text_for("also", language).body
    lines = "\n".join(also.substitute(due_date=week_day(day)) for day in sorted(due_dates))
    head, _, last = body.rpartition("\n\n")
    return f"{head}\n\n{lines}\n\n{last}"
