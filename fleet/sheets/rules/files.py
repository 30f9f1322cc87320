"""A file by its columns: what a column is, which rows came in, and what was found wrong with each. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fleet.spreadsheet import NotASheet, column_name, read_grid, unguarded

MOST_ROWS = 2000
"""In one file that comes in: all of it is looked at twice, and kept in one transaction."""
STAYS_OUT = "stays_out"
"""The column by which a row that went out for reading alone says so: it is passed over, whatever else is in it."""
MOST_BYTES = 2_000_000
"""The same as a size, before anything of it is read."""


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
    """A file that came in. `problem` says why nothing could be read; `passed_over` names columns that are not kept, and
    counts rows that say that they stay out."""

    lines: tuple[Line, ...] = ()
    passed_over: tuple[str, ...] = ()
    problem: str = ""


def read_file(text: str, columns: Sequence[Column]) -> Read:
    """Every row of a file by the columns that come in, in any order and under any of their names."""
    try:
        grid = read_grid(text)
    except NotASheet as error:
        return Read(problem=f"{error} In your spreadsheet, save it as CSV and send that.")
    takes = {
        name: column for column in columns if column.read for name in (column.name, *map(column_name, column.also))
    }
    head = _first_choice([takes.get(column_name(heading)) for heading in grid.head], grid.head)
    problem = _head_problem(head, columns) or _rows_problem(len(grid.rows))
    if problem:
        return Read(problem=problem)
    over = tuple(heading for heading, column in zip(grid.head, head, strict=True) if column is None and heading)
    lines = tuple(_line(number, head, cells) for number, cells in grid.rows)
    coming = tuple(line for line in lines if not line.get(STAYS_OUT))
    out = len(lines) - len(coming)
    said = (
        (f"{out} {'row that says that it stays' if out == 1 else 'rows that say that they stay'} out",) if out else ()
    )
    return Read(coming, over + said, "" if coming else "Every row of this file says that it stays out.")


def _first_choice(head: Sequence[Column | None], headings: Sequence[str]) -> list[Column | None]:
    """The columns without those that another heading names better: Location rather than Default Location."""
    called = [column_name(heading) for heading in headings]
    best = {
        column.name: next(each for each in (column.name, *map(column_name, column.also)) if each in called)
        for column in head
        if column
    }
    return [
        column if column and best[column.name] == heading else None
        for column, heading in zip(head, called, strict=True)
    ]


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


@dataclass(frozen=True)
class Looked:
    """What a file would bring, row by row."""

    rows: tuple[LookedRow, ...] = ()
    passed_over: tuple[str, ...] = ()
    problem: str = ""

    @property
    def may_be_kept(self) -> bool:
        return bool(self.rows) and not self.problem and not any(row.problems for row in self.rows)


@dataclass(frozen=True)
class LookedRow:
    """One row as it would be kept: its number, what it is in a few words, what is wrong with it, and what to look at
    again although it may be kept."""

    number: int
    what: str
    problems: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class Looks(Protocol):
    """What knows of a row what it is in a few words, what is wrong with it besides what could not be read, and what is
    odd about one that may be kept."""

    def what(self, line: Line) -> str: ...

    def wrong(self, line: Line) -> Iterable[str]: ...

    def doubts(self, line: Line) -> Iterable[str]: ...


def looked_at(read: Read, lines: Iterable[Line], asked: Looks) -> Looked:
    """A file as it would be kept; `lines` are its rows, counted by whoever wants to know how far it has come."""
    rows = []
    for line in lines:
        problems = (*line.problems, *(() if line.problems else asked.wrong(line)))
        rows.append(LookedRow(line.number, asked.what(line), problems, () if problems else tuple(asked.doubts(line))))
    return Looked(tuple(rows), read.passed_over, read.problem)
