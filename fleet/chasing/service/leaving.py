"""Who is sending a message at this moment: a lock beside the database, held as long as its sender lives.

A clock may jump and a mail server may take its time, so no span of time says that a sender has died. The operating
system does: it gives the lock back when the process ends.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fleet.settings import Settings

FOLDER = "chasing-leaving"


@contextmanager
def alone_with(settings: Settings, chase_id: int) -> Iterator[bool]:
    """Whether nobody else is sending this message, or looking up what became of it; and nobody can until the block is
    over. Never waits."""
    path = settings.data_dir / FOLDER / str(chase_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    ours = _lock(handle) and _is_still(handle, path)
    try:
        yield ours
    finally:
        if ours:
            path.unlink(missing_ok=True)
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(handle: int, path: Path) -> bool:
    """Whether the file that was locked is the one of that name: whoever held it before has taken it away."""
    try:
        return os.fstat(handle).st_ino == path.stat().st_ino
    except FileNotFoundError:
        return False
