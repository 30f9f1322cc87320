"""The pieces of Markdown that the drawn pages share: the opening mark, tables and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum

DRAWN = "<!-- Drawn from code by `make docs`; do not edit. -->"


def page(title: str, *blocks: str) -> str:
    """A whole page, its blocks a blank line apart, ending in a newline."""
    return "\n\n".join([DRAWN, f"# {title}", *(block for block in blocks if block)]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars inside cells are escaped and line ends become spaces."""
    lines = [_row(columns), _row(["---"] * len(columns)), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.split()).replace('|', chr(92) + '|') for cell in cells)} |"


def words(name: str) -> str:
    """A name from code as people read it: wiped_unverified becomes "wiped unverified"."""
    return name.replace("_", " ")


def listed(states: Iterable[StrEnum]) -> str:
    """Names in words, with commas."""
    return ", ".join(words(state.value) for state in states)


def first_paragraph(docstring: str | None) -> str:
    """What a docstring says before its first empty line, on one line."""
    return " ".join((docstring or "").strip().split("\n\n")[0].split())
