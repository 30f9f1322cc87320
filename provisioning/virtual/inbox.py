"""A file arriving by sync: written beside its place, so that a lost link never leaves half of it behind."""

from __future__ import annotations

import errno
import os
import secrets

from provisioning.virtual.faults import Fault
from provisioning.virtual.tablet import VirtualTablet

FULL = "No space left on device"


class TabletInbox:
    """Where the bytes of one pushed file go (`adbd.device.Inbox`)."""

    def __init__(self, tablet: VirtualTablet, path: str, mode: int) -> None:
        self._tablet = tablet
        self._path = path
        self._mode = mode & 0o777
        try:
            self._target = tablet.files.writable(path)
            self._target.parent.mkdir(parents=True, exist_ok=True)
            self._draft = self._target.parent / f".{secrets.token_hex(4)}.arriving"
            self._file = (self._target if self._target.is_dir() else self._draft).open("wb", buffering=0)
        except OSError as error:
            raise OSError(error.errno, f"couldn't create file: {error.strerror}") from error
        self._room = tablet.free_bytes()

    def write(self, data: memoryview) -> None:
        self._room -= len(data)
        if self._room < 0:
            raise OSError(errno.ENOSPC, f"write failed: {FULL}")
        self._file.write(data)

    def finish(self, modified: int) -> None:
        if self._tablet.faults.strikes(Fault.PUSH_CORRUPTS):
            self._file.truncate(max(0, self._file.tell() - 1))
        self._file.close()
        self._draft.chmod(self._mode | 0o600)
        os.utime(self._draft, (modified, modified))
        self._draft.replace(self._target)

    def abandon(self) -> None:
        self._file.close()
        self._draft.unlink(missing_ok=True)
