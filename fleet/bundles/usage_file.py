"""Reads a file of usage as the networks' websites give it, and says what is wrong with each row. No database."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from fleet.bundles.rules import MB_PER_GB, iccid_problem, tidy_iccid
from fleet.errors import BadInput

MOST_ROWS = 5000
MOST_BYTES = 1_000_000
COLUMNS = ("iccid", "read_on", "used_gb")
_ROUNDED = re.compile(r"\d([.,]\d+)?[eE]\+?\d+")
"""How a spreadsheet shows a number of 19 digits that it was not told to leave alone."""


@dataclass(frozen=True)
class UsageRow:
    """One row. `problem` says why it cannot be used; then the values mean nothing."""

    line: int
    iccid: str
    read_on: date
    used_mb: int
    problem: str = ""


def read_usage(text: str) -> tuple[UsageRow, ...]:
    """Every row of a CSV file with the columns iccid, read_on and used_gb (or used_mb), in any order.

    Days are 2026-06-30 or 30/06/2026. Raises `BadInput` when it is no such file at all.
    """
    sample = text.lstrip("\ufeff")
    delimiter = ";" if sample.partition("\n")[0].count(";") > sample.partition("\n")[0].count(",") else ","
    reader = csv.reader(io.StringIO(sample), delimiter=delimiter)
    try:
        lines = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise _unusable(f"It cannot be read as CSV (line {reader.line_num}).") from error
    if not lines:
        raise _unusable("It is empty.")
    if len(lines) - 1 > MOST_ROWS:
        raise _unusable(f"It has more than {MOST_ROWS:,} rows; send it in parts.")
    places = _places(lines[0][1])
    rows = tuple(_row(line, cells, places) for line, cells in lines[1:])
    return _without_doubles(rows)


def _unusable(why: str) -> BadInput:
    columns = ", ".join(COLUMNS)
    return BadInput(
        f"Nothing was recorded. {why}",
        next_step=f"Save it as CSV with the columns {columns}.",
        fields={"file": f"{why} The columns are {columns}."},
    )


def _places(header: list[str]) -> dict[str, int]:
    names = [cell.strip().lower().replace(" ", "_") for cell in header]
    found = {name: names.index(name) for name in (*COLUMNS, "used_mb") if name in names}
    missing = [name for name in ("iccid", "read_on") if name not in found]
    if "used_gb" not in found and "used_mb" not in found:
        missing.append("used_gb")
    if missing:
        raise _unusable(f"Its first line lacks {' and '.join(missing)}.")
    return found


def _row(line: int, cells: list[str], places: dict[str, int]) -> UsageRow:
    given = {name: cells[at].strip().lstrip("'") if at < len(cells) else "" for name, at in places.items()}
    number = tidy_iccid(given["iccid"])
    day, used = _day(given["read_on"]), _megabytes(given)
    problem = _number_problem(given["iccid"], number)
    if not problem and day is None:
        problem = f"“{given['read_on'][:20]}” is no day; write 2026-06-30 or 30/06/2026."
    if not problem and used is None:
        problem = "The amount is no number from 0 to 10,000 GB."
    return UsageRow(line, number[:20], day or date.min, used or 0, problem)


def _number_problem(typed: str, number: str) -> str:
    if _ROUNDED.fullmatch(typed):
        return "A spreadsheet rounded this number; format its column as text and export it again."
    return "" if iccid_problem(number) is None else "This is no SIM number: it has 19 or 20 digits."


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _megabytes(given: dict[str, str]) -> int | None:
    in_gb = bool(given.get("used_gb"))
    try:
        amount = Decimal(given["used_gb"] if in_gb else given.get("used_mb", ""))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= (10_000 if in_gb else 10_000_000):
        return None
    return int((amount * MB_PER_GB if in_gb else amount).to_integral_value())


def _without_doubles(rows: tuple[UsageRow, ...]) -> tuple[UsageRow, ...]:
    """The second row of one SIM and day is refused: nobody can say which is right."""
    first: dict[tuple[str, date], int] = {}
    checked = []
    for row in rows:
        before = first.setdefault((row.iccid, row.read_on), row.line)
        if before != row.line and not row.problem:
            problem = f"Line {before} is about the same SIM and day."
            checked.append(UsageRow(row.line, row.iccid, row.read_on, row.used_mb, problem))
        else:
            checked.append(row)
    return tuple(checked)
