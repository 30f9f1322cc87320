"""What the guides tell people to press and to open is there, in these words."""

from __future__ import annotations

import re
from functools import cache

import pytest
from fastapi import FastAPI

from tests.docs.pages import DOCS, ROOT
from tests.fleet.users.walking import doors

GUIDES = ("technician.md", "courier.md", "coordinator.md", "desk.md")
LONGEST_LINES = 120
"""Two printed pages."""


@cache
def _screens() -> str:
    """Everything that can reach a screen: templates, the words in the code, and the courier's own script."""
    files = [file for pattern in ("*.html", "*.py", "*.js") for file in (ROOT / "fleet").rglob(pattern)]
    return "\n".join(file.read_text(encoding="utf-8") for file in files if "vendor" not in file.parts)


def _text(guide: str) -> str:
    return (DOCS / guide).read_text(encoding="utf-8")


@pytest.mark.parametrize("guide", GUIDES)
def test_every_button_a_guide_names_is_on_a_screen_in_these_words(guide: str) -> None:
    named = {" ".join(found.split()) for found in re.findall(r"\*\*([^*]+)\*\*", _text(guide))}

    assert named
    assert [words for words in named if words not in _screens()] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_every_address_a_guide_names_is_a_page(guide: str, app: FastAPI) -> None:
    pages = [door.path for door in doors(app) if door.method == "GET" and not door.is_api]
    routes = [re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path)) for path in pages]
    named = {found.rstrip("/") or "/" for found in re.findall(r"`(/[\w/.-]*)`", _text(guide))}

    assert named
    assert [path for path in named if not any(regex.fullmatch(path) for regex in routes)] == []


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_fits_on_two_pages(guide: str) -> None:
    assert len(_text(guide).splitlines()) <= LONGEST_LINES
