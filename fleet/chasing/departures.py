"""What left, written down in files beside the database, one for each day: a backup that comes back knows nothing of the
messages that left after it was made, and is told of them from here.

A line holds numbers, days and the steps of ladders, and nothing about anybody. It is on the disk before the message
leaves; a second line says how that went.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

FOLDER = Path("departures")


@dataclass(frozen=True)
class Taken:
    """One step of the ladder that a message spoke for."""

    loan_id: int
    person_id: int
    due_version: int
    due_on: date
    rung: str
    stage: int


@dataclass(frozen=True)
class Departure:
    """A message that was about to leave, with all that went along in it."""

    reference: str
    channel: str
    language: str
    at: datetime
    day: date
    """The day that it counts for."""
    steps: tuple[Taken, ...]
    left: bool | None = None
    """Whether it left; None where nobody came to write that down."""
    printed: bool = False
    """Whether it is a letter that was printed, of which nobody had said yet that it was posted."""


def note_leaving(data_dir: Path, departure: Departure) -> None:
    """Add a line; once this returns it is on the disk. Raises `OSError`."""
    _add(
        data_dir, departure.day, {name: value for name, value in asdict(departure).items() if name != "left"}, sure=True
    )


def note_outcome(data_dir: Path, departure: Departure, *, left: bool) -> None:
    """Say how it went. A crash may lose this line: then the way out is asked."""
    _add(data_dir, departure.day, {"reference": departure.reference, "left": left}, sure=False)


def departures(data_dir: Path, since: date) -> tuple[Departure, ...]:
    """What left, or was about to, on that day and later, in that order; of one that was tried again the last try."""
    found: dict[str, Departure] = {}
    for told in _lines(data_dir, since):
        if "steps" in told:
            found[told["reference"]] = _departure(told)
        elif told["reference"] in found:
            found[told["reference"]] = replace(found[told["reference"]], left=told["left"])
    return tuple(found.values())


def oldest_before(data_dir: Path, day: date) -> date | None:
    """The first day of which there is a file, when that is before this day."""
    days = (path.stem.removeprefix("left-") for path in (data_dir / FOLDER).glob("left-*.log"))
    first = min(days, default=str(day))
    return date.fromisoformat(first) if first < str(day) else None


def forget_day(data_dir: Path, day: date) -> None:
    """Delete the file of one day."""
    (data_dir / FOLDER / f"left-{day}.log").unlink(missing_ok=True)


def _add(data_dir: Path, day: date, told: Mapping[str, Any], *, sure: bool) -> None:
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / f"left-{day}.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # The line break comes first as well, so that what a crash cut off spoils no line but its own.
        os.write(handle, f"\n{json.dumps(told, default=str)}\n".encode())
        if sure:
            os.fsync(handle)
    finally:
        os.close(handle)


def _lines(data_dir: Path, since: date) -> Iterator[Mapping[str, Any]]:
    for path in sorted((data_dir / FOLDER).glob("left-*.log")):
        if path.stem < f"left-{since}":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            try:
                told = json.loads(line) if line else None
            except ValueError:
                continue  # half a line: its message had not left
            if told is not None:
                yield told


def _departure(told: Mapping[str, Any]) -> Departure:
    steps = tuple(Taken(**{**each, "due_on": date.fromisoformat(each["due_on"])}) for each in told["steps"])
    at, day = datetime.fromisoformat(told["at"]), date.fromisoformat(told["day"])
    printed = told.get("printed", False)
    return Departure(told["reference"], told["channel"], told["language"], at, day, steps, printed=printed)
