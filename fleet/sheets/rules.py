"""What a column of a file is: its name, how its cell is written, and how it is read back. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any

from fleet.spreadsheet import NotASheet, column_name, read_grid, unguarded

MOST_ROWS = 2000
"""In one file that comes in: all of it is looked at twice, and kept in one transaction."""
_YES, _NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0"})
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


@dataclass(frozen=True)
class Column:
    """One column. `write` makes its cell from a row of the query; `read` the value from a cell, or raises `ValueError`
    with a sentence. A column without `read` goes out only. `also` are headings of other programs that mean the same."""

    name: str
    write: Callable[[Any], object] | None = None
    read: Callable[[str], object] | None = None
    needed: bool = False
    also: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Line:
    """One row that came in: its number as a spreadsheet shows it, what could be read, and what could not."""

    number: int
    values: Mapping[str, Any]
    problems: tuple[str, ...] = ()

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)


@dataclass(frozen=True)
class Read:
    """A file that came in. `problem` says why nothing could be read; `passed_over` names columns that are not kept."""

    lines: tuple[Line, ...] = ()
    passed_over: tuple[str, ...] = ()
    problem: str = ""


def cell(value: object) -> str:
    """How a value stands in a cell: days as 2026-06-01, times in UTC, yes and no, several with semicolons."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case list() | tuple() | frozenset():
            return "; ".join(str(each) for each in value)
        case _:
            return str(value)


def pounds(pence: int | None) -> str:
    return "" if pence is None else f"{pence // 100}.{pence % 100:02d}"


def read_file(text: str, columns: Sequence[Column]) -> Read:
    """Every row of a file by the columns that come in, in any order and under any of their names."""
    try:
        grid = read_grid(text)
    except NotASheet as error:
        return Read(problem=f"{error} In your spreadsheet, save it as CSV and send that.")
    takes = {
        name: column for column in columns if column.read for name in (column.name, *map(column_name, column.also))
    }
    head = [takes.get(column_name(heading)) for heading in grid.head]
    problem = _head_problem(head, columns) or _rows_problem(len(grid.rows))
    if problem:
        return Read(problem=problem)
    over = tuple(heading for heading, column in zip(grid.head, head, strict=True) if column is None and heading)
    return Read(tuple(_line(number, head, cells) for number, cells in grid.rows), over)


def _head_problem(head: Sequence[Column | None], columns: Sequence[Column]) -> str:
    known = [column.name for column in head if column]
    lacking = [column.name for column in columns if column.needed and column.name not in known]
    twice = sorted({name for name in known if known.count(name) > 1})
    if lacking:
        return f"These columns are missing: {', '.join(lacking)}. The first row must hold the names of the columns."
    return f"These columns are there twice: {', '.join(twice)}." if twice else ""


def _rows_problem(count: int) -> str:
    if not count:
        return "There is nothing in this file below its first row."
    return f"There are {count:,} rows in this file; send at most {MOST_ROWS:,} at once." if count > MOST_ROWS else ""


def _line(number: int, head: Sequence[Column | None], cells: Sequence[str]) -> Line:
    values: dict[str, Any] = {}
    problems = []
    if any(cells[len(head) :]):
        problems.append("There are more cells than columns; put quotes round a cell that holds a comma.")
    for column, text in zip(head, cells, strict=False):
        given = unguarded(text)
        if column is None or column.read is None:
            continue
        if not given:
            problems += [f"{column.name}: this must be filled in."] if column.needed else []
            continue
        try:
            values[column.name] = column.read(given)
        except ValueError as error:
            problems.append(f"{column.name}: {error}")
    missing = [column.name for column in head[len(cells) :] if column and column.needed]
    problems += [f"{name}: this must be filled in." for name in missing]
    return Line(number, values, tuple(problems))


def words(most: int) -> Callable[[str], str]:
    """A reader of plain words."""

    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"use at most {most} letters.")
        return text

    return read


def a_day(text: str) -> date:
    """2026-06-01, or 01/06/2026 as this country writes it; a time after it is left out."""
    bare = text.split("T")[0].split(" ")[0]
    found = _DAY.fullmatch(bare)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(bare)
    except ValueError as error:
        raise ValueError("write a day as 2026-06-01 or 01/06/2026.") from error


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two."""

    def read(text: str) -> int:
        bare = text.replace(",", "")
        if not re.fullmatch(r"[0-9]{1,9}", bare) or not least <= int(bare) <= most:
            raise ValueError(f"write a whole number from {least:,} to {most:,}.")
        return int(bare)

    return read


def a_switch(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError("write yes or no.")
    return text.lower() in _YES


def several(text: str) -> tuple[str, ...]:
    """Values with semicolons between them."""
    return tuple(each.strip() for each in text.split(";") if each.strip())


@dataclass(frozen=True)
class Looked:
    """What a file would bring. `rows`: number, what it is in a few words, and what is wrong with it."""

    rows: tuple[LookedRow, ...] = ()
    passed_over: tuple[str, ...] = ()
    problem: str = ""

    @property
    def may_be_kept(self) -> bool:
        return bool(self.rows) and not self.problem and not any(row.problems for row in self.rows)


@dataclass(frozen=True)
class LookedRow:
    """One row as it would be kept."""

    number: int
    what: str
    problems: tuple[str, ...] = field(default=())


def looked_at(read: Read, what: Callable[[Line], str], more: Callable[[Line], Iterable[str]]) -> Looked:
    """A file as it would be kept; `more` says what is wrong with a row besides what could not be read."""
    rows = [
        LookedRow(line.number, what(line), (*line.problems, *(() if line.problems else more(line))))
        for line in read.lines
    ]
    return Looked(tuple(rows), read.passed_over, read.problem)
