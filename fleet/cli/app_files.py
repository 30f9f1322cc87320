"""Finds the app files that a plan installs in a folder, and of each the parts that this tablet gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import provisioning.apps
from provisioning.apps.bundle_reading import read_release
from provisioning.apps.choosing import Choice, TabletTraits, choose
from provisioning.apps.release import AppRelease

SHIPPED = Path(provisioning.apps.__path__[0]) / "shipped"
_ENDINGS = frozenset({".apk", ".apks", ".xapk", ".apkm"})


def apps_at(
    folder: Path | None, packages: Sequence[str], tablet: TabletTraits, *, unpack_to: Path
) -> Mapping[str, Sequence[Path]]:
    """For each package the APKs of its newest version. What is missing is left out: `apply` says so by name.

    Raises `AppFileError` for a file that is no app or is not signed as it says, and `AppUnsuited` for one that this
    tablet cannot run or has no room for beside the others.
    """
    if not packages:
        return {}
    newest: dict[str, AppRelease] = {}
    for number, path in enumerate(_files(folder)):
        place = unpack_to / str(number)
        place.mkdir()
        release = read_release(path, place)
        known = newest.get(release.package)
        if known is None or release.base.version_code > known.base.version_code:
            newest[release.package] = release
    chosen: dict[str, Sequence[Path]] = {}
    for name in packages:
        if name in newest:
            release, choice = newest[name], _choice(newest[name], tablet)
            chosen[name] = [release.apks[part.sha256] for part in choice.parts]
            if tablet.free_bytes is not None:
                tablet = replace(tablet, free_bytes=tablet.free_bytes - choice.size_bytes)
    return chosen


def _files(folder: Path | None) -> list[Path]:
    """A folder's own files come before those that ship, so that a newer copy of ours may lie in it."""
    folders = [SHIPPED] if folder is None else [folder, SHIPPED]
    return [path for each in folders for path in sorted(each.iterdir()) if path.suffix.lower() in _ENDINGS]


def _choice(release: AppRelease, tablet: TabletTraits) -> Choice:
    return choose(release.label or release.package, release.variants, tablet, target_sdk=release.base.target_sdk)
