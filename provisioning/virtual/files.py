"""The tablet's files, kept as real files under one folder, with the rights that an adb shell has on a tablet."""

from __future__ import annotations

import errno
import os
import posixpath
from pathlib import Path

WRITABLE = ("/data/local/tmp", "/data/media/0")
READABLE = ("/data/app", "/system", "/vendor", "/product", "/proc", *WRITABLE)
_LINKS = {
    "/sdcard": "/data/media/0",
    "/storage/emulated/0": "/data/media/0",
    "/storage/self/primary": "/data/media/0",
    "/mnt/sdcard": "/data/media/0",
}
STANDARD_FOLDERS = (
    "/data/local/tmp", "/data/app", "/system/bin", "/system/framework", "/proc", "/vendor",
    *(f"/data/media/0/{name}" for name in ("Android/data", "DCIM", "Download", "Movies", "Music", "Pictures")),
)  # fmt: skip


class FileTree:
    """One generation of the tablet's storage."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def make(self) -> None:
        """Lay out the folders an empty tablet has."""
        for folder in STANDARD_FOLDERS:
            self.real(folder).mkdir(parents=True, exist_ok=True)

    def canonical(self, path: str, *, at: str = "/") -> str:
        """The absolute path with links such as /sdcard followed; `..` cannot leave the tablet."""
        whole = posixpath.normpath(posixpath.join("/", at, path))
        whole = "/" + whole.lstrip("/")
        for link, target in _LINKS.items():
            if whole == link or whole.startswith(link + "/"):
                return target + whole[len(link) :]
        return whole

    def real(self, path: str) -> Path:
        """Where the bytes of a canonical path lie on the host."""
        return self.root / path.lstrip("/")

    def readable(self, path: str, *, at: str = "/") -> Path:
        """The real file or folder behind `path`. Raises OSError as the shell user would meet it."""
        whole = self.canonical(path, at=at)
        if not _under(whole, READABLE) and whole != "/" and whole.startswith("/data"):
            if any(root.startswith(whole) for root in READABLE):
                return self._existing(whole)
            raise OSError(errno.EACCES, "Permission denied", path)
        return self._existing(whole)

    def listable(self, path: str, *, at: str = "/") -> Path:
        """The real folder behind `path`, if the shell user may list it. Raises OSError."""
        whole = self.canonical(path, at=at)
        if whole in {"/data", "/data/local", "/data/media", "/data/app"}:
            raise OSError(errno.EACCES, "Permission denied", path)
        return self.readable(path, at=at)

    def writable(self, path: str, *, at: str = "/") -> Path:
        """The real place for `path`, if the shell user may write there. Raises OSError."""
        whole = self.canonical(path, at=at)
        if not _under(whole, WRITABLE):
            read_only = whole.startswith(("/system", "/vendor", "/product")) or whole.count("/") == 1
            code = errno.EROFS if read_only else errno.EACCES
            raise OSError(code, os.strerror(code), path)
        return self.real(whole)

    def _existing(self, whole: str) -> Path:
        real = self.real(whole)
        if not real.exists():
            raise OSError(errno.ENOENT, "No such file or directory", whole)
        return real

    def used_bytes(self) -> int:
        """The length of every file a person or an app put here."""
        total = 0
        for folder, _, names in os.walk(self.root / "data"):
            total += sum((Path(folder) / name).lstat().st_size for name in names)
        return total


def _under(path: str, roots: tuple[str, ...]) -> bool:
    return any(path == root or path.startswith(root + "/") for root in roots)
