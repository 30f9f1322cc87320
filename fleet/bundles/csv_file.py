"""Reads a CSV file that people send, with named columns in any order, and says in words what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fleet.errors import BadInput
from fleet.spreadsheet import NotASheet, column_name, read_grid, unguarded

MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class Line:
    """One row, by the names of its columns. `number` counts the file's lines from 1, with the heading."""

    number: int
    given: Mapping[str, str]

    def get(self, name: str) -> str:
        return self.given.get(name, "")


def read_lines(
    text: str, *, needed: Sequence[str], asked: Sequence[str], known: Sequence[str], most: int
) -> tuple[Line, ...]:
    """Every row that is not empty. Raises `BadInput`, naming the columns `asked` for, when it is no such file, when one
    of those `needed` is missing, or when it has too many rows."""
    try:
        grid = read_grid(text)
    except NotASheet as error:
        raise unusable(str(error), asked) from error
    if not grid.head:
        raise unusable("It is empty.", asked)
    if len(grid.rows) > most:
        raise unusable(f"It has more than {most:,} rows; send it in parts.", asked)
    names = [column_name(cell) for cell in grid.head]
    missing = [name for name in needed if name not in names]
    if missing:
        raise unusable(f"Its first line lacks {' and '.join(missing)}.", asked)
    places = {name: names.index(name) for name in known if name in names}
    return tuple(Line(number, _given(cells, places)) for number, cells in grid.rows)


def _given(cells: Sequence[str], places: Mapping[str, int]) -> dict[str, str]:
    return {name: unguarded(cells[at]) if at < len(cells) else "" for name, at in places.items()}


def unusable(why: str, asked: Sequence[str]) -> BadInput:
    columns = ", ".join(asked)
    return BadInput(
        f"Nothing was recorded. {why}",
        next_step=f"Save it as CSV with the columns {columns}.",
        fields={"file": f"{why} The columns are {columns}."},
    )
