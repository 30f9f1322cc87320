"""Several days in one cell, each with its words: 2026-07-20 Data collection; 2026-08-03 End of the month. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from fleet.sheets.rules.cells import a_day

_BETWEEN = re.compile(r";\s*(?=\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\s)")
KEPT = " | kept: "
"""Between the words of a day and why it is right though it looks wrong."""


@dataclass(frozen=True)
class Collection:
    """A day on which a cohort's measures are collected; `kept_because` is why it is right though it looks wrong."""

    planned_on: date
    words: str
    kept_because: str = ""


def collections(text: str) -> tuple[Collection, ...]:
    """A reader of such days."""
    found = []
    for each in _BETWEEN.split(text):
        day, _, rest = each.strip().partition(" ")
        said, _, why = rest.partition(KEPT)
        if not said.strip():
            raise ValueError("write a day and what it is, such as 2026-07-20 Data collection; 2026-08-03 End.")
        found.append(Collection(a_day(day), said.strip(), why.strip()))
    return tuple(found)
