"""Reading an app in whichever file it comes, and refusing a bundle that is not one whole app by one maker."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from provisioning.apps.app_file import AppFile, short_fingerprint
from provisioning.apps.archive import Bundle, is_apk, opened_bundle
from provisioning.apps.contents import Listed, ListedVariant, read_contents
from provisioning.apps.reading import read_app
from provisioning.apps.release import AppRelease, Container, Expansion, Variant, part_of
from provisioning.apps.split import BASE
from provisioning.digest import sha256_of
from provisioning.errors import BundleInvalid, NotAnApk

CONTENTS = "toc.pb"
_CLAIMS = {
    Container.XAPK: ("manifest.json", "package_name", "version_code"),
    Container.APKM: ("info.json", "pname", "versioncode"),
}
"""The file in which a bundle says what it is, and its words for the package and the version."""


def read_release(path: Path, unpack_to: Path) -> AppRelease:
    """Read an app from an APK, or from a bundle whose APKs are unpacked into the empty folder `unpack_to`.

    Raises `NotAnApk`, `SignatureInvalid`, or `BundleInvalid` with what is wrong and with which part.
    """
    try:
        return _read(path, unpack_to)
    except OSError as error:
        raise NotAnApk(f"{path.name} cannot be read: {error.strerror}. Check that the file is there.") from error
    except NotAnApk as error:
        if path.suffix.lower() == ".apkm" and not _is_zip(path):
            raise BundleInvalid(
                f"{path.name} is an .apkm file of the old, encrypted kind, which only its own installer can open. "
                "Download a current one, or the plain .apk."
            ) from error
        raise


def _read(path: Path, unpack_to: Path) -> AppRelease:
    if is_apk(path):
        return _single(path)
    with opened_bundle(path) as bundle:
        container = _container(bundle)
        apks = _unpacked(bundle, container, unpack_to)
        variants = _variants(bundle, container, apks)
        expansions = _expansions(bundle)
        claims = _claims(bundle, container)
    base = _check_one_app(path.name, apks)
    _check_claims(path.name, claims, container, base)
    return AppRelease(
        path=path,
        container=container,
        sha256=sha256_of(path),
        size_bytes=path.stat().st_size,
        base=base,
        variants=variants,
        apks={apk.sha256: apk.path for apk in apks.values()},
        expansions=expansions,
    )


def _single(path: Path) -> AppRelease:
    app = read_app(path)
    if app.split != BASE:
        raise BundleInvalid(
            f"{path.name} is only a part of {app.package} ({app.split.name}), not the app itself. Import the whole "
            "bundle it came in (.apks, .xapk or .apkm)."
        )
    if app.splits_required:
        raise BundleInvalid(
            f"{path.name} is the base of {app.package} and does not run without its other parts. Import the whole "
            "bundle it came in (.apks, .xapk or .apkm)."
        )
    variant = Variant((part_of(app),), min_sdk=app.min_sdk)
    return AppRelease(path, Container.APK, app.sha256, app.size_bytes, app, (variant,), {app.sha256: path})


def _container(bundle: Bundle) -> Container:
    """By what lies inside; the ending of the file's name is anybody's choice."""
    names = bundle.sizes
    if not any(name.lower().endswith(".apk") for name in names):
        raise NotAnApk(
            f"{bundle.name} is a ZIP file without an app's manifest and without any .apk in it. Choose the .apk, "
            ".apks, .xapk or .apkm file itself."
        )
    if CONTENTS in names:
        return Container.APKS
    for container, (claims, package, _) in _CLAIMS.items():
        if claims in names and package in _json(bundle, claims):
            return container
    return Container.APKS


def _unpacked(bundle: Bundle, container: Container, folder: Path) -> Mapping[str, AppFile]:
    """Every APK of the bundle by its path in it, each in a folder of its own so that its name stays what it was."""
    found = {}
    for number, entry in enumerate(sorted(name for name in bundle.sizes if _counts(name, container))):
        place = folder / str(number)
        place.mkdir()
        found[entry] = read_app(bundle.unpack(entry, place))
    if not found:
        raise BundleInvalid(f"{bundle.name} holds no app that is installed on a tablet. Look for another file.")
    return found


def _counts(entry: str, container: Container) -> bool:
    """Instant and archived forms of an app are for a shop; an OBB is no APK whatever it is called."""
    folder = entry.partition("/")[0]
    return entry.lower().endswith(".apk") and not (
        (container is Container.APKS and folder in {"instant", "archive"}) or entry.startswith("Android/obb/")
    )


def _variants(bundle: Bundle, container: Container, apks: Mapping[str, AppFile]) -> tuple[Variant, ...]:
    if CONTENTS not in bundle.sizes:
        return _without_contents(bundle.name, apks)
    try:
        listed = read_contents(bundle.read(CONTENTS))
    except ValueError as error:
        raise BundleInvalid(
            f"The table of contents of {bundle.name} cannot be read: {error}. Download it again."
        ) from error
    missing = sorted({apk.path for variant in listed for apk in variant.apks} - set(apks))
    if missing or not listed:
        raise BundleInvalid(
            f"{bundle.name} lists {missing[0] if missing else 'nothing'}, which is not inside. Download it again."
        )
    return tuple(_variant(bundle.name, variant, apks) for variant in listed)


def _without_contents(name: str, apks: Mapping[str, AppFile]) -> tuple[Variant, ...]:
    """Whole apps (bundletool's ``standalones/`` and ``universal.apk``) stand alone; all the rest goes together."""
    alone = [entry for entry in apks if entry.partition("/")[0] == "standalones" or entry == "universal.apk"]
    together = [entry for entry in apks if entry not in alone]
    groups = [[entry] for entry in alone] + ([together] if together else [])
    listed = [ListedVariant(1, 0, tuple(Listed(entry, on_demand=False) for entry in group)) for group in groups]
    return tuple(_variant(name, variant, apks) for variant in listed)


def _variant(name: str, listed: ListedVariant, apks: Mapping[str, AppFile]) -> Variant:
    parts = tuple(part_of(apks[one.path], on_demand=one.on_demand) for one in listed.apks)
    twice = [split for split, count in Counter(part.split.name for part in parts).items() if count > 1]
    if twice:
        raise BundleInvalid(
            f"{name} has the part {twice[0] or 'base'} more than once, and does not say which is for which tablet. "
            "Look for another file of this app."
        )
    bases = [apks[one.path] for one in listed.apks if apks[one.path].split == BASE]
    if not bases:
        raise BundleInvalid(
            f"{name} has parts of an app ({', '.join(part.split.name for part in parts[:3])}) but not its base. "
            "Download it again."
        )
    return Variant(parts, max(listed.min_sdk, bases[0].min_sdk), listed.density, bases[0].splits_required)


def _check_one_app(name: str, apks: Mapping[str, AppFile]) -> AppFile:
    """The base that speaks for all, once every APK is of the same app, version and signer."""
    base = next(apk for apk in apks.values() if apk.split == BASE)
    for apk in apks.values():
        for word, own, wanted in (
            ("of the app", apk.package, base.package),
            ("version", str(apk.version_code), str(base.version_code)),
            ("signed by", _signers(apk), _signers(base)),
        ):
            if own != wanted:
                raise BundleInvalid(
                    f"The parts of {name} are not of one app: {apk.path.name} is {word} {own}, but {base.path.name} is "
                    f"{word} {wanted}. Do not use it; download it again from its maker."
                )
    return base


def _signers(apk: AppFile) -> str:
    return " and ".join(short_fingerprint(signer) for signer in apk.signers)


def _claims(bundle: Bundle, container: Container) -> Mapping[str, Any]:
    return _json(bundle, _CLAIMS[container][0]) if container in _CLAIMS else {}


def _check_claims(name: str, claims: Mapping[str, Any], container: Container, base: AppFile) -> None:
    if container not in _CLAIMS:
        return
    _, package, version = _CLAIMS[container]
    said = (str(claims.get(package, base.package)), str(claims.get(version, base.version_code)))
    if said != (base.package, str(base.version_code)):
        raise BundleInvalid(
            f"{name} says that it is {said[0]} version {said[1]}, but holds {base.package} version "
            f"{base.version_code}. Do not use it; download it again."
        )


def _expansions(bundle: Bundle) -> tuple[Expansion, ...]:
    found = (name for name in sorted(bundle.sizes) if name.lower().endswith(".obb"))
    return tuple(Expansion(name.rpartition("/")[2], bundle.sizes[name]) for name in found)


def _json(bundle: Bundle, entry: str) -> Mapping[str, Any]:
    try:
        said = json.loads(bundle.read(entry))
    except ValueError as error:
        raise BundleInvalid(f"{entry} in {bundle.name} cannot be read: {error}. Download it again.") from error
    return said if isinstance(said, dict) else {}


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"PK"
