"""How often this installation has ticked, remembered outside its database too: a database that knows of fewer ticks
than its data folder, or than what lies beside that folder, is an older one that came back (rule R9).

What is remembered is the tick before, long on the disk by then: no power cut makes a database look older than it is.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.models import ChaseMark
from fleet.settings import Settings
from fleet.whole_files import write_whole

FILE = "ticks.json"
_MARKS_KEPT = 20


@dataclass(frozen=True)
class Beat:
    """The number of a tick of the installation that has this mark."""

    mark: str
    number: int


def beat(session: Session) -> Beat | None:
    """Count one more tick; the one before it, to be remembered. None while the installation has no mark."""
    row = queries.mark_locked(session)
    if row is None:
        return None
    before = Beat(row.mark, row.ticks)
    row.ticks += 1
    return before


def remember(settings: Settings, beat: Beat) -> None:
    """Write it down in the data folder, and beside it where that can be. Raises `OSError` for the first."""
    _write(settings.data_dir, beat)
    if not settings.demo:
        with suppress(OSError):  # `doorstep check` says so
            _write(settings.witness, beat)


def is_behind(row: ChaseMark, settings: Settings) -> bool:
    """Whether more ticks of this very installation are remembered than this database knows of."""
    return any(_read(folder).get(row.mark, 0) > row.ticks for folder in (settings.data_dir, settings.witness))


def _read(folder: Path) -> dict[str, int]:
    try:
        told = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return {str(mark): int(number) for mark, number in told.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def _write(folder: Path, beat: Beat) -> None:
    known = _read(folder)
    others = [each for each in known.items() if each[0] != beat.mark][-_MARKS_KEPT + 1 :]
    told = dict(others) | {beat.mark: max(beat.number, known.get(beat.mark, 0))}
    write_whole(folder / FILE, json.dumps(told))
