"""A transport that tells how many bytes of an install or a copy have crossed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from provisioning.command import Command
from provisioning.transports.base import Progress, ShellResult, Transport


class Metered:
    """Passes everything on to another transport, and its bytes to `moved`."""

    def __init__(self, inner: Transport, moved: Progress) -> None:
        self._inner = inner
        self._moved = moved

    @property
    def address(self) -> str:
        return self._inner.address

    @property
    def features(self) -> frozenset[str]:
        return self._inner.features

    def run(self, command: Command, *, timeout_seconds: float = 30.0) -> ShellResult:
        return self._inner.run(command, timeout_seconds=timeout_seconds)

    def push(
        self, source: Path | BinaryIO, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> None:
        self._inner.push(source, target, mode=mode, progress=progress or self._moved)

    def pull(self, source: str, target: Path | BinaryIO, *, progress: Progress | None = None) -> None:
        self._inner.pull(source, target, progress=progress or self._moved)

    def install(self, apks: Sequence[Path], *, grant_all: bool = False, progress: Progress | None = None) -> None:
        self._inner.install(apks, grant_all=grant_all, progress=progress or self._moved)

    def reboot_and_wait(self, *, timeout_seconds: float = 600.0) -> None:
        self._inner.reboot_and_wait(timeout_seconds=timeout_seconds)

    def close(self) -> None:
        self._inner.close()
