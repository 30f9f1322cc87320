"""What an APK's manifest says, read from its binary XML."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyaxmlparser.axmlprinter import AXMLPrinter

from provisioning.virtual.apk.refusal import InstallFailure

_ANDROID = "{http://schemas.android.com/apk/res/android}"
_MAIN = "android.intent.action.MAIN"
_HOME = "android.intent.category.HOME"
_LAUNCHER = "android.intent.category.LAUNCHER"


@dataclass(frozen=True)
class Manifest:
    """The parts that the package manager acts on."""

    package: str
    version_code: int
    version_name: str
    min_sdk: int
    target_sdk: int
    permissions: tuple[str, ...]
    home_activities: tuple[str, ...]
    launcher_activities: tuple[str, ...]
    services: tuple[str, ...]
    test_only: bool
    split: str
    split_required: bool
    abis: tuple[str, ...]


def read_manifest(apk: Path) -> Manifest:
    """Raises `InstallFailure` with Android's code for a file that is no APK or has no usable manifest."""
    try:
        with zipfile.ZipFile(apk) as archive:
            raw = archive.read("AndroidManifest.xml")
            names = archive.namelist()
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise InstallFailure("INSTALL_PARSE_FAILED_NOT_APK", f"Failed to parse {apk.name}") from error
    except KeyError as error:
        detail = f"Failed to parse {apk.name}: AndroidManifest.xml"
        raise InstallFailure("INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION", detail) from error
    return _manifest(_parsed(raw, apk.name), names)


def _parsed(raw: bytes, name: str) -> Any:
    try:
        printer = AXMLPrinter(raw)
        root = printer.get_xml_obj() if printer.is_valid() else None
    except Exception as error:
        raise InstallFailure("INSTALL_PARSE_FAILED_UNEXPECTED_EXCEPTION", f"Failed to parse {name}") from error
    if root is None or root.tag != "manifest" or not root.get("package"):
        raise InstallFailure("INSTALL_PARSE_FAILED_MANIFEST_MALFORMED", f"Failed to parse {name}: no manifest")
    return root


def _manifest(root: Any, names: list[str]) -> Manifest:
    package = str(root.get("package"))
    sdk = root.find("uses-sdk")
    application = root.find("application")
    min_sdk = _number(sdk, "minSdkVersion", 1)
    return Manifest(
        package=package,
        version_code=(_number(root, "versionCodeMajor", 0) << 32) + _number(root, "versionCode", 0),
        version_name=str(root.get(f"{_ANDROID}versionName") or ""),
        min_sdk=min_sdk,
        target_sdk=_number(sdk, "targetSdkVersion", min_sdk),
        permissions=tuple(dict.fromkeys(str(one.get(f"{_ANDROID}name")) for one in root.findall("uses-permission"))),
        home_activities=_activities(application, package, lambda found: _HOME in found),
        launcher_activities=_activities(application, package, lambda found: _LAUNCHER in found),
        services=tuple(_class_name(package, one) for one in _children(application, "service")),
        test_only=application is not None and application.get(f"{_ANDROID}testOnly") == "true",
        split=str(root.get("split") or ""),
        split_required=root.get(f"{_ANDROID}isSplitRequired") == "true",
        abis=tuple(
            dict.fromkeys(name.split("/")[1] for name in names if name.startswith("lib/") and name.endswith(".so"))
        ),
    )


def _number(element: Any, name: str, default: int) -> int:
    value = None if element is None else element.get(f"{_ANDROID}{name}")
    try:
        return default if value is None else int(str(value), 0)
    except ValueError:
        return default


def _children(application: Any, *tags: str) -> Iterator[Any]:
    if application is not None:
        yield from (child for child in application if child.tag in tags)


def _activities(application: Any, package: str, wanted: Callable[[set[str]], bool]) -> tuple[str, ...]:
    found = []
    for activity in _children(application, "activity", "activity-alias"):
        if activity.get(f"{_ANDROID}enabled") == "false":
            continue
        for intent in activity.findall("intent-filter"):
            actions = {one.get(f"{_ANDROID}name") for one in intent.findall("action")}
            categories = {str(one.get(f"{_ANDROID}name")) for one in intent.findall("category")}
            if _MAIN in actions and wanted(categories):
                found.append(_class_name(package, activity))
    return tuple(dict.fromkeys(found))


def _class_name(package: str, element: Any) -> str:
    """The class as `pkg/.Name` would shorten it: relative where it lies in the package."""
    name = str(element.get(f"{_ANDROID}name"))
    if name.startswith(package + "."):
        return name[len(package) :]
    return name if name.startswith(".") or "." in name else f".{name}"
