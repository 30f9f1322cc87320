"""The pure part of files: `files` knows columns and rows, `cells` how one cell is written and read back."""

from __future__ import annotations

from fleet.sheets.rules.cells import (
    DAYS,
    a_day,
    a_moment,
    a_switch,
    a_time,
    a_weekday,
    an_amount,
    cell,
    one_of,
    pounds,
    several,
    some_of,
    whole,
    words,
)
from fleet.sheets.rules.days import KEPT, Collection, collections
from fleet.sheets.rules.files import (
    MOST_BYTES,
    MOST_ROWS,
    STAYS_OUT,
    Column,
    Line,
    Looked,
    LookedRow,
    Read,
    looked_at,
    read_file,
)

__all__ = [
    "DAYS",
    "KEPT",
    "MOST_BYTES",
    "MOST_ROWS",
    "STAYS_OUT",
    "Collection",
    "Column",
    "Line",
    "Looked",
    "LookedRow",
    "Read",
    "a_day",
    "a_moment",
    "a_switch",
    "a_time",
    "a_weekday",
    "an_amount",
    "cell",
    "collections",
    "looked_at",
    "one_of",
    "pounds",
    "read_file",
    "several",
    "some_of",
    "whole",
    "words",
]
