"""Opening an APK as a ZIP file without trusting what it says of itself."""

from __future__ import annotations

import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.errors import NotAnApk

MANIFEST = "AndroidManifest.xml"
RESOURCES = "resources.arsc"
MOST_ENTRIES = 100_000
MOST_BYTES = {MANIFEST: 8 * 1024 * 1024, RESOURCES: 256 * 1024 * 1024}
"""What these two may unpack to. The largest in common apps are about 1 MB and 30 MB."""
HIGHEST_RATIO = 1100
"""Deflate cannot pack better than about 1:1030; an entry that claims more is made to fill a memory."""


def list_entries(path: Path) -> tuple[str, ...]:
    """The names of all entries, after the guards. Raises `NotAnApk`."""
    if not path.stat().st_size:
        raise NotAnApk(f"{path.name} is empty (0 bytes). Download it again.")
    with _opened(path) as archive:
        entries = archive.infolist()
        check_entries(path.name, entries)
        return tuple(entry.filename for entry in entries)


def read_members(path: Path) -> dict[str, bytes]:
    """The manifest and, where there are any, the resources, unpacked. Raises `NotAnApk`."""
    with _opened(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if entry.filename in MOST_BYTES}


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NotAnApk(
            f"{path.name} is not an Android app, or only part of one: {error}. Download it again."
        ) from error


def check_entries(name: str, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        raise NotAnApk(f"{name} claims {len(entries)} entries, more than any app has. Do not use it.")
    counted = Counter(entry.filename for entry in entries)
    if MANIFEST not in counted:
        raise NotAnApk(f"{name} is a ZIP file without an app's manifest. Choose the .apk file itself.")
    for entry in entries:
        # Two entries of one name can show one content to us and another to the tablet.
        if counted[entry.filename] > 1:
            raise NotAnApk(f"{name} has the entry {entry.filename} more than once, as forged apps have. Do not use it.")
        too_large = entry.file_size > MOST_BYTES.get(entry.filename, entry.file_size)
        if too_large or entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1):
            raise NotAnApk(
                f"{name} would unpack {entry.filename} from {entry.compress_size} to {entry.file_size} bytes, which no "
                "app does. Do not use it."
            )
