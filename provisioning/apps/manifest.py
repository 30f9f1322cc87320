"""What an app says of itself, read by pyaxmlparser from its manifest and resources alone."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pyaxmlparser import APK
from pyaxmlparser.core import Error as PyaxmlparserError

from provisioning.apps.archive import MANIFEST
from provisioning.errors import NotAnApk

ANDROID = "{http://schemas.android.com/apk/res/android}"
NEWEST_CODE_FIELD = "versionCodeMajor"

UNREADABLE = (
    PyaxmlparserError, struct.error, zlib.error, zipfile.BadZipFile, ValueError, TypeError, LookupError,
    AttributeError, AssertionError, RecursionError, OverflowError, EOFError, SyntaxError,
)  # fmt: skip
"""pyaxmlparser checks little of what it reads, so a damaged manifest ends in any of these."""


@dataclass(frozen=True)
class Manifest:
    package: str
    version_code: int
    version_name: str
    min_sdk: int
    target_sdk: int
    label: str
    permissions: tuple[str, ...]
    home_activities: tuple[str, ...]


def read_manifest(name: str, members: dict[str, bytes]) -> Manifest:
    """Parse the unpacked manifest and resources of the file called `name`. Raises `NotAnApk`."""
    try:
        manifest = _parsed(_repacked(members))
    except UNREADABLE as error:
        raise NotAnApk(f"The manifest of {name} cannot be read ({error!r}). Download the app again.") from error
    if not manifest.package:
        raise NotAnApk(f"{name} does not say which app it is. Download it again.")
    return manifest


def _repacked(members: dict[str, bytes]) -> bytes:
    """A small archive of what the parser needs, so that it never meets the rest of a file we do not trust."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return packed.getvalue()


def _parsed(archive: bytes) -> Manifest:
    app = APK(archive, raw=True)
    root = app.get_android_manifest_xml()
    if root is None or root.tag != "manifest":
        raise ValueError(f"no {MANIFEST} root")
    version_code = int(app.version_code) | _number(root.get(f"{ANDROID}{NEWEST_CODE_FIELD}")) << 32
    min_sdk = _number(app.get_min_sdk_version()) or 1
    return Manifest(
        package=str(app.package),
        version_code=version_code,
        version_name=str(app.version_name or ""),
        min_sdk=min_sdk,
        target_sdk=_number(app.get_target_sdk_version()) or min_sdk,
        label=str(app.application or ""),
        permissions=tuple(sorted(set(app.get_permissions()))),
        home_activities=tuple(_home_activities(root, str(app.package))),
    )


def _number(text: str | None) -> int:
    return int(text, 0) if text else 0


def _home_activities(root: Any, package: str) -> Iterator[str]:
    for activity in root.iterfind("application/activity"):
        for intent in activity.iterfind("intent-filter"):
            categories = {category.get(f"{ANDROID}name") for category in intent.iterfind("category")}
            if "android.intent.category.HOME" in categories:
                yield f"{package}/{_full_name(activity.get(f'{ANDROID}name', ''), package)}"
                break


def _full_name(name: str, package: str) -> str:
    if name.startswith("."):
        return package + name
    return name if "." in name else f"{package}.{name}"
