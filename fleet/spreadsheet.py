"""CSV as spreadsheets in this country write and read it: letters, separators, and cells that must not run. Pure.

What the columns of a file are and mean is for whoever reads it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

BOM = "\ufeff"
"""At the head of what we write: by it a spreadsheet knows that the file is UTF-8."""
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a cell begins with that a spreadsheet runs as a formula (OWASP, CSV injection)."""
_MARK = "'"
"""Before such a cell it keeps a spreadsheet from running it. A cell that begins with one gets a second."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)
"""What a spreadsheet reads as a number and nothing else; `float` would also take "-inf"."""


class NotASheet(ValueError):
    """A text that is no CSV file. Its sentence says where that was seen."""


@dataclass(frozen=True)
class Grid:
    """A file's first row and the rows under it that are not empty, each with its number as a spreadsheet shows it."""

    head: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[str, ...]], ...] = ()


def decoded(raw: bytes) -> str:
    """The text of a file: UTF-8 as programs write it, UTF-16 as "Unicode text" is saved, or what an older spreadsheet
    in this country does."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_grid(text: str) -> Grid:
    """The cells of a text with commas, semicolons or tabs, trimmed. Raises `NotASheet`."""
    if "\0" in text:
        raise NotASheet("It holds signs that no text has.")
    body = text.lstrip(f"{BOM}\n\r ")
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=_delimiter(body))
    try:
        lines = [(number, tuple(cell.strip() for cell in row)) for number, row in enumerate(reader, start=1)]
    except csv.Error as error:
        raise NotASheet(f"It cannot be read as CSV (line {reader.line_num}).") from error
    filled = [(number, row) for number, row in lines if any(row)]
    return Grid(filled[0][1], tuple(filled[1:])) if filled else Grid()


def column_name(cell: str) -> str:
    """A heading as a column is called: "Purchase Date" is purchase_date."""
    return "_".join(re.sub(r"[^\w\s]", " ", cell.lower()).split())


def unguarded(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell.removeprefix(_MARK)


def guarded(value: object) -> str:
    """A cell that no spreadsheet runs as a formula. A number stays one."""
    text = "" if value is None else str(value)
    return f"{_MARK}{text}" if text.startswith((*RISKY, _MARK)) and not _NUMBER.fullmatch(text) else text


def written(head: Sequence[str], rows: Iterable[Sequence[object]], *, at_a_time: int = 500) -> Iterator[str]:
    """The file in pieces, so that none of it has to be whole at any moment."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BOM)
    writer.writerow(head)
    for number, row in enumerate(rows, start=1):
        writer.writerow([guarded(value) for value in row])
        if number % at_a_time == 0:
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    yield out.getvalue()


def _delimiter(text: str) -> str:
    first = text.split("\n", 1)[0]
    return max((",", ";", "\t"), key=first.count)
