"""A link around another link: every call goes on to the inner one, and what builds on this changes a call or two."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from provisioning.command import Command
from provisioning.transports.base import Progress, ShellResult, Transport


class Around:
    """Passes everything on to `inner`, its errors included."""

    def __init__(self, inner: Transport) -> None:
        self._inner = inner

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
        self._inner.push(source, target, mode=mode, progress=progress)

    def pull(self, source: str, target: Path | BinaryIO, *, progress: Progress | None = None) -> None:
        self._inner.pull(source, target, progress=progress)

    def install(self, apks: Sequence[Path], *, grant_all: bool = False, progress: Progress | None = None) -> None:
        self._inner.install(apks, grant_all=grant_all, progress=progress)

    def reboot_and_wait(self, *, timeout_seconds: float = 600.0) -> None:
        self._inner.reboot_and_wait(timeout_seconds=timeout_seconds)

    def close(self) -> None:
        self._inner.close()
