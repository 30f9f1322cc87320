"""A transport that tells how many bytes of an install or a copy have crossed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from provisioning.transports.around import Around
from provisioning.transports.base import Progress, Transport


class Metered(Around):
    """Passes everything on to another transport, and its bytes to `moved`."""

    def __init__(self, inner: Transport, moved: Progress) -> None:
        super().__init__(inner)
        self._moved = moved

    def push(
        self, source: Path | BinaryIO, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> None:
        super().push(source, target, mode=mode, progress=progress or self._moved)

    def pull(self, source: str, target: Path | BinaryIO, *, progress: Progress | None = None) -> None:
        super().pull(source, target, progress=progress or self._moved)

    def install(self, apks: Sequence[Path], *, grant_all: bool = False, progress: Progress | None = None) -> None:
        super().install(apks, grant_all=grant_all, progress=progress or self._moved)
