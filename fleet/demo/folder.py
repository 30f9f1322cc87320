"""Where a demonstration keeps its things, and whether an earlier one was interrupted."""

from __future__ import annotations

import shutil
import socket
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Beginning(StrEnum):
    """What a demonstration found in its folder: nothing, one cut short, or one that had been played to its end."""

    FRESH = "fresh"
    INTERRUPTED = "interrupted"
    FINISHED = "finished"


@dataclass(frozen=True)
class DemoFolder:
    """The folder a demonstration lives in; everything in it is invented."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def tablets(self) -> Path:
        return self.root / "tablets"

    @property
    def report(self) -> Path:
        return self.root / "report.json"

    @property
    def labels(self) -> Path:
        return self.root / "labels.pdf"

    @property
    def certificates(self) -> Path:
        return self.root / "certificates"

    @property
    def server_log(self) -> Path:
        return self.root / "server.log"

    @property
    def _begun(self) -> Path:
        return self.root / "begun"

    @property
    def _finished(self) -> Path:
        return self.root / "finished"

    def begin(self) -> Beginning:
        """Make the folder ready: an interrupted demonstration is gone on with, a finished one is cleared away.

        Raises `NotOurFolder` rather than clear away a folder that no demonstration made.
        """
        found = self._found()
        if found is Beginning.FINISHED:
            shutil.rmtree(self.root)
        elif found is Beginning.FRESH and self.root.exists() and any(self.root.iterdir()):
            raise NotOurFolder(f"{self.root} holds something that no demonstration made. Choose another with --folder.")
        for folder in (self.root, self.data, self.tablets, self.certificates):
            folder.mkdir(parents=True, exist_ok=True)
        self._begun.touch()
        return found

    def _found(self) -> Beginning:
        if not self._begun.exists():
            return Beginning.FRESH
        return Beginning.FINISHED if self._finished.exists() else Beginning.INTERRUPTED

    def finish(self) -> None:
        """Say that the month was played to its end, so that the next one starts afresh."""
        self._finished.touch()


class NotOurFolder(Exception):
    """The folder is there and is not a demonstration's."""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
