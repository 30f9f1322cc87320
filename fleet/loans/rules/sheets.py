"""Reading a sheet of people for whom a partner asks: which columns there are, and what their cells mean. Pure.

A cell is what a spreadsheet holds: "yes", "Polish", "large_text; captions". What it may say is checked later, by the
same code as the form's answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fleet.spreadsheet import NotASheet, column_name, read_grid, unguarded

MOST_ROWS = 500
COLUMNS = (
    *("first_name", "last_name", "birth_year", "phone", "email"),
    *("address_line_1", "address_line_2", "town", "postcode", "door_note"),
    *("channel", "print_format", "language_spoken", "language_read", "interpreter"),
    *("household", "apps_used", "needs_asked", "needs"),
    *("programme", "cohort", "barriers", "safe_at_home", "consents"),
)
"""Every column there may be, in the order of the form. Those of `NEEDED` must be there."""
NEEDED = ("first_name", "last_name", "consents")
LISTS = frozenset({"apps_used", "needs", "barriers"})
SWITCHES = frozenset({"interpreter", "needs_asked", "consents"})
NO_CSV = "This is not a CSV file. In your spreadsheet, save it as CSV and send that."
_YES, _NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0", ""})


@dataclass(frozen=True)
class SheetRow:
    """One row: its number as a spreadsheet shows it, its cells by column, and what cannot be read."""

    number: int
    cells: Mapping[str, object]
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What was read. `problem` says why nothing could be."""

    rows: tuple[SheetRow, ...] = ()
    problem: str = ""


def read_sheet(text: str) -> Sheet:
    """The rows of a CSV file, with commas, semicolons or tabs, its columns in any order."""
    try:
        grid = read_grid(text)
    except NotASheet:
        return Sheet(problem=NO_CSV)
    columns, filled = [column_name(cell) for cell in grid.head], grid.rows
    problem = _columns_problem(columns)
    if not problem and not filled:
        problem = "There is nobody in this file below its first row."
    if not problem and len(filled) > MOST_ROWS:
        problem = f"There are {len(filled)} people in this file; send at most {MOST_ROWS} at once."
    return Sheet(problem=problem) if problem else Sheet(tuple(_row(number, columns, row) for number, row in filled))


def _columns_problem(columns: Sequence[str]) -> str:
    lacking = [name for name in NEEDED if name not in columns]
    unknown = sorted({name for name in columns if name and name not in COLUMNS})
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    for names, words in (
        (lacking, "These columns are missing"),
        (unknown, "These columns are not known, so that nothing is read by mistake"),
        (twice, "These columns are there twice"),
    ):
        if names:
            return f"{words}: {', '.join(names)}. The first row must hold the names of the columns, as in the example."
    return ""


def _row(number: int, columns: Sequence[str], row: Sequence[str]) -> SheetRow:
    cells: dict[str, object] = {}
    problems = []
    if any(cell.strip() for cell in row[len(columns) :]):
        problems.append("There are more cells than columns; put quotes round a cell that holds a comma.")
    for name, cell in zip(columns, row, strict=False):
        text = unguarded(cell)
        if name in SWITCHES and text.lower() not in _YES | _NO:
            problems.append(f"{name}: write yes or no.")
        elif name in SWITCHES:
            cells[name] = text.lower() in _YES
        elif name in LISTS:
            cells[name] = [_code(each) for each in text.split(";") if each.strip()]
        elif name and text:
            cells[name] = text
    return SheetRow(number, cells, tuple(problems))


def _code(text: str) -> str:
    return "_".join(text.strip().lower().split())
