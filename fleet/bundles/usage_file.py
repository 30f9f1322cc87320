"""Reads a file of usage as the networks' websites give it, and says what is wrong with each row. No database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from fleet.bundles.csv_file import Line, read_lines, unusable
from fleet.bundles.rules import MB_PER_GB, iccid_in

MOST_ROWS = 5000
COLUMNS = ("iccid", "read_on", "used_gb")


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
    lines = read_lines(text, needed=COLUMNS[:2], asked=COLUMNS, known=(*COLUMNS, "used_mb"), most=MOST_ROWS)
    if lines and not {"used_gb", "used_mb"} & lines[0].given.keys():
        raise unusable("Its first line lacks used_gb.", COLUMNS)
    return _without_doubles(tuple(_row(line) for line in lines))


def _row(line: Line) -> UsageRow:
    number, problem = iccid_in(line.get("iccid"))
    day, used = _day(line.get("read_on")), _megabytes(line)
    if not problem and day is None:
        problem = f"“{line.get('read_on')[:20]}” is no day; write 2026-06-30 or 30/06/2026."
    if not problem and used is None:
        problem = "The amount is no number from 0 to 10,000 GB."
    return UsageRow(line.number, number, day or date.min, used or 0, problem)


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _megabytes(line: Line) -> int | None:
    in_gb = bool(line.get("used_gb"))
    try:
        amount = Decimal(line.get("used_gb") if in_gb else line.get("used_mb"))
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
        double = before != row.line and not row.problem
        checked.append(replace(row, problem=f"Line {before} is about the same SIM and day.") if double else row)
    return tuple(checked)
