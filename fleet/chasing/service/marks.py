"""What the data folder says of itself, in chasing-mark.json: whose it is, what left last, and where it lies.

Where it lies is two inode numbers: the folder's and that of the file itself, which it keeps as it takes its name. They
stay through restarts, upgrades, a rename of the folder, and a container that is made anew on the same volume; a copy
has others, on the same disk and on another. Not the path: on another machine a copy lies at the same one, and a volume
that is mounted elsewhere is no copy. Not the disk or the host: their numbers change as a machine starts, or a
container. The folder alone is not enough: where it is a whole volume, its number is the same on every volume. An image
of the whole disk takes the numbers along; FAT, exFAT and some network shares give none that last.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from fleet.settings import Settings
from fleet.whole_files import whole_file

FILE = "chasing-mark.json"
UNREADABLE = "unreadable"
"""The mark of a data folder whose file cannot be read: nobody's."""


@dataclass(frozen=True)
class Told:
    """What the data folder says: whose it is, and the number of the last entry of the ledger that left."""

    mark: str
    last: int
    journal_from: str = ""
    """The moment from which the journal of departures beside it is whole; empty where nobody knows."""
    place: str = ""
    """Where folder and file lay as it was written; empty in a file of a time at which nobody wrote that down."""


@dataclass(frozen=True)
class Found:
    """What stands in the data folder, and whether it was copied there from the folder that it speaks of."""

    told: Told
    text: str
    is_copied: bool = False


def found_mark(settings: Settings) -> Found | None:
    """What the data folder says of itself; None where it says nothing."""
    path = settings.data_dir / FILE
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text, place = file.read(), _place(path.parent, file.fileno())
    except FileNotFoundError:
        return None
    try:
        told = Told(**json.loads(text))
    except (ValueError, TypeError):
        return Found(Told(UNREADABLE, 0), text)
    return Found(told, text, told.place not in ("", place))


def write_mark(settings: Settings, told: Told) -> None:
    """Let the data folder say this of itself, and that it lies here. Raises `OSError`."""
    path = settings.data_dir / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as file:
        here = replace(told, place=_place(path.parent, file.fileno()))
        file.write(json.dumps(asdict(here)).encode())


def _place(folder: Path, file: int) -> str:
    return f"{folder.stat().st_ino}/{os.fstat(file).st_ino}"
