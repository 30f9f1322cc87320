"""Opening an APK, or a bundle of them, as a ZIP file without trusting what it says of itself."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from provisioning.apps.limits import (
    BUNDLE_BYTES,
    CONTENTS_BYTES,
    HIGHEST_RATIO,
    MANIFEST_BYTES,
    MOST_BUNDLE_ENTRIES,
    MOST_ENTRIES,
    RESOURCES_BYTES,
)
from provisioning.errors import BundleInvalid, NotAnApk

MANIFEST = "AndroidManifest.xml"
RESOURCES = "resources.arsc"
MOST_BYTES = {MANIFEST: MANIFEST_BYTES, RESOURCES: RESOURCES_BYTES}
_ENCRYPTED = 0x1
"""Bit 0 of a ZIP entry's flags."""


class Bundle:
    """An open bundle whose entries have passed the guards."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.name = path.name
        self.sizes = {entry.filename: entry.file_size for entry in archive.infolist() if not entry.is_dir()}

    def read(self, entry: str) -> bytes:
        """One of the bundle's own small files. Raises `BundleInvalid`."""
        if self.sizes[entry] > CONTENTS_BYTES:
            raise BundleInvalid(
                f"{self.name} would unpack {entry} to {self.sizes[entry]} bytes, which no bundle does. Do not use it."
            )
        return self._archive.read(entry)

    def unpack(self, entry: str, folder: Path) -> Path:
        """Write an entry into `folder` under the last part of its name, and return where."""
        target = folder / PurePosixPath(entry).name
        with self._archive.open(entry) as source, target.open("xb") as out:
            shutil.copyfileobj(source, out, 1024 * 1024)
        return target


def list_entries(path: Path) -> tuple[str, ...]:
    """The names of all entries, after the guards. Raises `NotAnApk`."""
    with opened(path) as archive:
        entries = archive.infolist()
        check_entries(path.name, entries)
        return tuple(entry.filename for entry in entries)


def is_apk(path: Path) -> bool:
    """Whether an app's manifest lies on top. Raises `NotAnApk` for a file that is no ZIP."""
    with opened(path) as archive:
        return MANIFEST in archive.namelist()


def read_members(path: Path) -> dict[str, bytes]:
    """The manifest and, where there are any, the resources, unpacked. Raises `NotAnApk`."""
    with opened(path) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist() if entry.filename in MOST_BYTES}


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Raises `NotAnApk` for a file that is no ZIP or turns out to be damaged while it is read."""
    if not path.stat().st_size:
        raise NotAnApk(f"{path.name} is empty (0 bytes). Download it again.")
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise NotAnApk(
            f"{path.name} is not an Android app, or only part of one: {error}. Download it again."
        ) from error


@contextmanager
def opened_bundle(path: Path) -> Iterator[Bundle]:
    """Raises `NotAnApk` as `opened` does, and `BundleInvalid` for a bundle that is made to harm."""
    with opened(path) as archive:
        check_bundle(path.name, archive.infolist())
        yield Bundle(path, archive)


def check_entries(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    """The guards of an APK."""
    if len(entries) > MOST_ENTRIES:
        raise NotAnApk(f"{name} claims {len(entries)} entries, more than any app has. Do not use it.")
    counted = Counter(entry.filename for entry in entries)
    if MANIFEST not in counted:
        raise NotAnApk(
            f"{name} is a ZIP file without an app's manifest. Choose the .apk, .apks, .xapk or .apkm file itself."
        )
    for entry in entries:
        # Two entries of one name can show one content to us and another to the tablet.
        if counted[entry.filename] > 1:
            raise NotAnApk(f"{name} has the entry {entry.filename} more than once, as forged apps have. Do not use it.")
        if entry.file_size > MOST_BYTES.get(entry.filename, entry.file_size) or _is_a_bomb(entry):
            raise NotAnApk(_too_large(name, entry))


def check_bundle(name: str, entries: Sequence[zipfile.ZipInfo]) -> None:
    """The guards of a bundle: what is in its APKs is looked at when each of them is read."""
    if len(entries) > MOST_BUNDLE_ENTRIES:
        raise BundleInvalid(f"{name} claims {len(entries)} entries, more than any bundle has. Do not use it.")
    counted = Counter(entry.filename for entry in entries)
    for entry in entries:
        if counted[entry.filename] > 1:
            raise BundleInvalid(f"{name} has the entry {entry.filename} more than once. Do not use it.")
        if entry.flag_bits & _ENCRYPTED:
            raise BundleInvalid(f"{name} is encrypted, so nobody can see what is in it. Look for one that is not.")
        if leads_outside(entry.filename):
            raise BundleInvalid(
                f"{name} has an entry that would be written outside its folder ({entry.filename[:80]!r}), as a trap "
                "does. Do not use it."
            )
        if _is_a_bomb(entry):
            raise BundleInvalid(_too_large(name, entry))
    total = sum(entry.file_size for entry in entries if entry.filename.lower().endswith(".apk"))
    if total > BUNDLE_BYTES:
        raise BundleInvalid(
            f"{name} would unpack to {total // 1_000_000} MB of apps; the most is {BUNDLE_BYTES // 1_000_000} MB."
        )


def leads_outside(name: str) -> bool:
    """Whether an entry's name is anything but a plain path below the archive's own folder."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.name


def _is_a_bomb(entry: zipfile.ZipInfo) -> bool:
    return entry.file_size > HIGHEST_RATIO * max(entry.compress_size, 1)


def _too_large(name: str, entry: zipfile.ZipInfo) -> str:
    return (
        f"{name} would unpack {entry.filename} from {entry.compress_size} to {entry.file_size} bytes, which no app "
        "does. Do not use it."
    )
