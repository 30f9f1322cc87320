"""Which of an app's languages a person gets, by language tags as Android and the web write them."""

from __future__ import annotations

from dataclasses import dataclass

_RENAMED = {"iw": "he", "in": "id", "ji": "yi", "tl": "fil"}
"""Codes that Android's Java still writes, and what the standard calls them."""


@dataclass(frozen=True)
class Tag:
    language: str
    script: str = ""
    region: str = ""


def read_tag(text: str) -> Tag:
    """Read ``pa``, ``pa-IN``, ``sr_Latn_RS`` or ``b+sr+Latn``; further parts are left out."""
    first, *rest = text.replace("_", "-").replace("+", "-").removeprefix("b-").split("-")
    language = _RENAMED.get(first.lower(), first.lower())
    script = next((part.title() for part in rest if len(part) == 4 and part.isalpha()), "")
    region = next((part.upper() for part in rest if len(part) == 2 or (len(part) == 3 and part.isdecimal())), "")
    return Tag(language, script, region)


def speaks(offered: str, wanted: str) -> bool:
    """Whether text in the language `offered` serves a person who wants `wanted`: what only one of them says is open."""
    one, other = read_tag(offered), read_tag(wanted)
    return one.language == other.language and _agree(one.script, other.script) and _agree(one.region, other.region)


def _agree(one: str, other: str) -> bool:
    return not one or not other or one == other
