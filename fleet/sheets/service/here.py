"""What every reader of rows that come in is begun with, and how a row is said in a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from fleet.sheets.rules import Line, cell


@dataclass(frozen=True)
class Here:
    """The hub and its day."""

    session: Session
    hub_id: int
    today: date
    now: datetime


def summary(line: Line, *names: str) -> str:
    """Some of its values, in a row."""
    return ", ".join(cell(line.get(name)) for name in names if line.get(name) is not None) or "Nothing in it"
