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
from provisioning.apps.split import BASE, Split, split_of
from provisioning.errors import NotAnApk

ANDROID = "{http://schemas.android.com/apk/res/android}"
DISTRIBUTION = "{http://schemas.android.com/apk/distribution}"
PLAYS_OWN_MARK = "com.android.vending.splits.required"
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
    parts: SplitFacts


@dataclass(frozen=True)
class SplitFacts:
    """What a manifest says of its own place among an app's APKs, and of those it cannot do without."""

    split: Split
    splits_required: bool
    on_demand: bool
    needs: tuple[str, ...]
    split_types: tuple[str, ...]
    required_split_types: tuple[str, ...]


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
    parts = read_split_facts(root)
    return Manifest(
        package=str(app.package),
        version_code=version_code,
        version_name=str(app.version_name or ""),
        min_sdk=min_sdk,
        target_sdk=_number(app.get_target_sdk_version()) or min_sdk,
        label=str(app.application or "") if parts.split == BASE else "",
        permissions=tuple(sorted(set(app.get_permissions()))),
        home_activities=tuple(_home_activities(root, str(app.package))),
        parts=parts,
    )


def read_split_facts(root: Any) -> SplitFacts:
    """Attributes: AOSP, ApkLiteParseUtils (``isSplitRequired`` from Android 10, the types from 13); bundletool."""
    required = _is_true(root.get(f"{ANDROID}isSplitRequired")) or any(
        data.get(f"{ANDROID}name") == PLAYS_OWN_MARK and _is_true(data.get(f"{ANDROID}value"))
        for data in root.iterfind("application/meta-data")
    )
    return SplitFacts(
        split=split_of(
            root.get("split") or "",
            is_feature=_is_true(root.get(f"{ANDROID}isFeatureSplit")) or root.get("type") == "asset-pack",
            config_for=root.get("configForSplit"),
        ),
        splits_required=required,
        on_demand=_on_demand(root),
        needs=tuple(str(used.get(f"{ANDROID}name")) for used in root.iter("uses-split")),
        split_types=_listed(root.get(f"{ANDROID}splitTypes")),
        required_split_types=_listed(root.get(f"{ANDROID}requiredSplitTypes")),
    )


def _on_demand(root: Any) -> bool:
    module = root.find(f"{DISTRIBUTION}module")
    if module is None:
        return False
    delivery = module.find(f"{DISTRIBUTION}delivery")
    if delivery is None:
        return _is_true(module.get(f"{DISTRIBUTION}onDemand"))
    return delivery.find(f"{DISTRIBUTION}install-time") is None


def _is_true(value: str | None) -> bool:
    """True as binary XML has it: a word, or all bits set."""
    return value is not None and value.lower() in {"true", "1", "0xffffffff", "-1"}


def _listed(value: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in (value or "").split(",") if word.strip())


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
