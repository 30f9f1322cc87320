"""Which languages there are and how a code of one is written: not which of them we have words in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

LANGUAGE_NAMES: Mapping[str, str] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
"""The English name of each language, by its code without script or place."""

_TAG = re.compile(r"(?P<language>[a-z]{2,3})(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")


def tidy_language(typed: str) -> str:
    """A language tag in the letters that BCP 47 asks for: zh-Hant, pt-BR. What is no tag comes back as typed."""
    language, *more = typed.strip().replace("_", "-").split("-")
    return "-".join([language.lower(), *(part.title() if len(part) == 4 else part.upper() for part in more)])


def language_part(code: str) -> str:
    """The language of a tidied tag, without script and place; empty where it is no tag of a language we know of."""
    found = _TAG.fullmatch(code)
    language = found["language"] if found else ""
    return language if language in LANGUAGE_NAMES else ""


def language_problem(code: str) -> str:
    """Why a tidied code cannot be kept, or nothing. Which languages have our words is another question."""
    if language_part(code):
        return ""
    if not code:
        return "Choose a language."
    return f"“{code}” is no language we know of. Choose one, or write its code, such as en, cy, ur or yo."
