"""The bench's own end of a copy: opening what is sent, and letting what is received appear only when it is whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(source, Path):
        with source.open("rb") as file:
            yield file
    else:
        yield source


def remaining_bytes(source: BinaryIO) -> int:
    """How many bytes are left to read; 0 where that cannot be known."""
    if not source.seekable():
        return 0
    here = source.tell()
    end = source.seek(0, os.SEEK_END)
    source.seek(here)
    return end - here


@contextmanager
def appearing(target: Path | BinaryIO) -> Iterator[BinaryIO]:
    """A path gets its name only after everything was written, so that no half file is ever taken for a whole one."""
    if not isinstance(target, Path):
        yield target
        return
    part = target.with_name(target.name + ".part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
