"""Where figures of usage come from by themselves: the contract of an adapter, and the one that reads a folder.

An adapter brings files of usage, one after the other, and is told what became of each. It may bring a file again that
was recorded already: that changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from fleet.bundles.csv_file import MOST_BYTES
from fleet.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class UsageFile:
    """A file of usage. `problem` says why it cannot even be read; then `text` is empty."""

    name: str
    text: str
    problem: str = ""


class UsageSource(Protocol):
    """What an adapter for a network, or for anything else that counts megabytes, must do."""

    @property
    def name(self) -> str:
        """At most 20 letters: where the readings came from, kept with each."""

    def waiting(self) -> Sequence[UsageFile]:
        """What has not been settled yet, the oldest first. Raises nothing for a file that is broken."""

    def settle(self, file: UsageFile, refused: Sequence[str]) -> None:
        """This file was recorded, or refused as a whole for these reasons."""


class FolderSource:
    """Files that somebody, or a network's own program, puts into a folder: `*.csv`.

    A recorded file moves to `read/`, a refused one to `refused/` with the reasons beside it. Whoever puts files there
    writes them under another name first and renames them, so that half a file is never read.
    """

    name = "folder"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def waiting(self) -> Sequence[UsageFile]:
        if not self._folder.is_dir():
            return ()
        found = sorted((age, path.name) for path in self._folder.glob("*.csv") if (age := _age(path)) is not None)
        return tuple(file for _, name in found if (file := _read(self._folder / name)) is not None)

    def settle(self, file: UsageFile, refused: Sequence[str]) -> None:
        """A file that cannot be moved is logged and comes again; the others do not wait for it."""
        target = self._folder / ("refused" if refused else "read")
        try:
            target.mkdir(exist_ok=True)
            if refused:
                (target / f"{file.name}.why.txt").write_text("\n".join(refused) + "\n", encoding="utf-8")
            (self._folder / file.name).replace(target / file.name)
        except OSError as error:
            log.warning("usage_file_not_moved", file=file.name, error=type(error).__name__)


def _age(path: Path) -> int | None:
    """When it was last changed; None for what is no file, or is gone by now."""
    try:
        return path.stat().st_mtime_ns if path.is_file() else None
    except OSError:
        return None


def _read(path: Path) -> UsageFile | None:
    """The file, or why it cannot be read; None when it is gone by now."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return UsageFile(path.name, "", "It is larger than 1 MB; send it in parts.")
        return UsageFile(path.name, path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        return UsageFile(path.name, "", "It is not plain text in UTF-8.")
    except FileNotFoundError:
        return None
    except OSError as error:
        return UsageFile(path.name, "", f"It cannot be read ({os.strerror(error.errno or 0)}).")
