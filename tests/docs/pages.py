"""The Markdown of this project as the tests of docs/ read it: files, links, headings and table rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"

_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def markdown_files() -> list[Path]:
    """The README and its neighbours, and everything in docs/."""
    return sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def links(file: Path) -> Iterator[str]:
    """The targets of links and pictures, without fenced blocks."""
    text = _FENCED.sub("", file.read_text(encoding="utf-8"))
    yield from (found["target"] for found in _LINK.finditer(text))


def anchors(file: Path) -> set[str]:
    """What a link with # may name: headings as the common readers turn them into anchors."""
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def table_rows(file: Path) -> Iterator[tuple[str, ...]]:
    """The cells of every table row, headings and rules included."""
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.startswith("|"):
            yield tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1])


def all_words() -> str:
    """Every page of docs/ in one text."""
    return "\n".join(file.read_text(encoding="utf-8") for file in markdown_files())
