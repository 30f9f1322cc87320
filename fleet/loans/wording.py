"""The words that a borrower agrees to, those for whoever looks after tablets at a place, and those of the letter that
gives a tablet for good: as they are shipped, a file for each language in its folder, and filled in."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from string import Template

from labels.script.bidi import isolated, unbroken

AGREEMENTS = Path(__file__).parent / "agreements"
VENUE_AGREEMENTS = Path(__file__).parent / "venue_agreements"
SHIPPED = "Doorstep"
FOR_VENUES = f"{SHIPPED} for venues"
GIFT_LETTERS = Path(__file__).parent / "gift_letters"
BLANKS = ("hub", "phone")
"""The $names that a text may hold."""


@dataclass(frozen=True)
class Agreement:
    """A text with where it comes from. `version` counts from 1 within one source and language."""

    language: str
    source: str
    version: int
    reviewed: bool
    title: str
    lead: str
    terms: tuple[str, ...]
    accept: str


def shipped(language: str) -> Agreement | None:
    """The agreement that comes with Doorstep, or None where there is none in that language."""
    return _read(AGREEMENTS, language)


def venue_agreement(language: str) -> Agreement | None:
    """The same for whoever looks after several tablets at a place."""
    return _read(VENUE_AGREEMENTS, language, source=FOR_VENUES)


def gift_letter(language: str) -> Agreement | None:
    """The letter that passes a tablet on to somebody, or None where there is none in that language."""
    return _read(GIFT_LETTERS, language)


@cache
def _read(folder: Path, language: str, source: str = SHIPPED) -> Agreement | None:
    path = folder / f"{language}.toml"
    if not language.replace("-", "").isalnum() or not path.is_file():
        return None
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    text = data["text"]
    return Agreement(
        language=language,
        source=source,
        version=data["version"],
        reviewed=data["review"]["state"] == "reviewed",
        title=text["title"],
        lead=text["lead"],
        terms=tuple(text["terms"]),
        accept=text["accept"],
    )


def fill_in(text: Agreement, *, hub: str, phone: str) -> Agreement:
    """The words as they are printed and read out. Without a phone number the hub's name stands where to turn to."""
    blanks = {"hub": isolated(hub), "phone": unbroken(phone) if phone else isolated(hub)}

    def filled(words: str) -> str:
        return Template(words).safe_substitute(blanks)

    return replace(
        text,
        lead=filled(text.lead),
        terms=tuple(filled(term) for term in text.terms),
        accept=filled(text.accept),
    )


def digest(text: Agreement) -> str:
    """SHA-256 over the words in a fixed form, in hex."""
    words = [text.language, text.source, text.version, text.title, text.lead, list(text.terms), text.accept]
    return sha256(json.dumps(words, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
