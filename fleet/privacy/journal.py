"""The journal of erasures: a file outside the database, so that a backup that comes back cannot bring people back.

A line holds numbers and times and nothing about anybody. A line is written before the erasure it tells of is
committed: what was cut off between the two is done at the next start, and what was not written was not done. What was
rolled back is taken back by a line of its own.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from fleet.errors import MisconfiguredError
from fleet.privacy.rules import WhyErase


class JournalUnreadable(MisconfiguredError):
    """A line of the journal of erasures cannot be read, so nobody knows whose record must not come back."""

    code = "journal_unreadable"


@dataclass(frozen=True)
class Line:
    """One erasure. A number may be given again after an old backup came back; number and moment together are not."""

    person_id: int
    recorded_at: datetime
    """When the person's record was made."""
    erased_at: datetime
    why: WhyErase
    taken_back: bool = False
    """Whether this says that nothing came of the line before it: the erasure was rolled back, and nobody is erased."""

    def as_text(self) -> str:
        told = {
            "person": self.person_id,
            "recorded_at": self.recorded_at.isoformat(),
            "erased_at": self.erased_at.isoformat(),
            "why": self.why.value,
        }
        return json.dumps({**told, "taken_back": True} if self.taken_back else told)


def write_down(path: Path, line: Line) -> None:
    """Add a line; once this returns it is on the disk. Half a line that a crash left behind is taken away first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.truncate(_end_of_last_line(file.read()))
        file.seek(0, os.SEEK_END)
        file.write(line.as_text().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    _keep_name(path.parent)


def lines(path: Path) -> Iterator[Line]:
    """Every erasure there was and that was not taken back, the first one first. Raises `JournalUnreadable`."""
    yield from (line for line, stands in _last_words(path).items() if stands)


def lines_of_all(paths: Iterable[Path]) -> Iterator[Line]:
    """Every erasure in any of these journals that none says was taken back, each once. Raises `JournalUnreadable`."""
    told: dict[Line, bool] = {}
    for path in paths:
        for line, stands in _last_words(path).items():
            told[line] = stands and told.get(line, True)
    yield from (line for line, stands in told.items() if stands)


def _last_words(path: Path) -> dict[Line, bool]:
    """Each erasure that a journal tells of, and whether it stands."""
    whole = path.read_bytes() if path.exists() else b""
    told: dict[Line, bool] = {}
    for number, text in enumerate(whole[: _end_of_last_line(whole)].splitlines(), start=1):
        line = _read(path, number, text)
        told[replace(line, taken_back=False)] = not line.taken_back
    return told


def _read(path: Path, number: int, text: bytes) -> Line:
    try:
        told = json.loads(text)
        return Line(
            person_id=int(told["person"]),
            recorded_at=datetime.fromisoformat(told["recorded_at"]),
            erased_at=datetime.fromisoformat(told["erased_at"]),
            why=WhyErase(told["why"]),
            taken_back=bool(told.get("taken_back", False)),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise JournalUnreadable(
            f"Nothing was started, and no record was changed. Line {number} of {path} cannot be read.",
            next_step="Bring the file back from its own backup, or mend the line: it says whose record must stay gone.",
        ) from error


def _end_of_last_line(whole: bytes) -> int:
    return whole.rfind(b"\n") + 1


def _keep_name(folder: Path) -> None:
    """A file's name is on the disk only once its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
