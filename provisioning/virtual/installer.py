"""The package manager's decision about one APK, and its putting in place. Knows no command."""

from __future__ import annotations

import base64
import secrets
import shutil
import time
from dataclasses import replace
from pathlib import Path

from provisioning.virtual.apk.manifest import Manifest, read_manifest
from provisioning.virtual.apk.refusal import InstallFailure
from provisioning.virtual.apk.signature import Signer, read_signer
from provisioning.virtual.faults import Fault
from provisioning.virtual.permissions import is_known, is_runtime
from provisioning.virtual.state import ENABLED_DEFAULT, Package
from provisioning.virtual.tablet import VirtualTablet

LOWEST_TARGET = {34: 23, 35: 24, 36: 24}
"""From Android 14 on an app must aim at least at this version (AOSP PackageInstallerService)."""


def install_apk(
    tablet: VirtualTablet,
    apk: Path,
    *,
    installer: str | None = None,
    replace_existing: bool = True,
    allow_test: bool = False,
    grant_all: bool = False,
    allow_old_target: bool = False,
) -> Package:
    """Install the file for user 0 and return what it became. Raises `InstallFailure` and changes nothing."""
    manifest = read_manifest(apk)
    _check_manifest(tablet, manifest, allow_test=allow_test, allow_old_target=allow_old_target)
    signer = read_signer(apk, sdk=tablet.personality.sdk, target_sdk=manifest.target_sdk)
    existing = tablet.content.packages.get(manifest.package)
    if existing is not None:
        _check_update(manifest, signer, existing, replace_existing=replace_existing)
    package = _package(tablet, manifest, signer, existing, installer=installer, grant_all=grant_all)
    if tablet.faults.strikes(Fault.INSTALL_LIES):
        return package
    _put_in_place(tablet, apk, package, existing)
    return package


def _check_manifest(tablet: VirtualTablet, manifest: Manifest, *, allow_test: bool, allow_old_target: bool) -> None:
    sdk = tablet.personality.sdk
    if manifest.min_sdk > sdk:
        detail = f"Failed parse during installPackageLI: Requires newer sdk version #{manifest.min_sdk} "
        raise InstallFailure("INSTALL_FAILED_OLDER_SDK", detail + f"(current version is #{sdk})")
    if manifest.test_only and not allow_test:
        raise InstallFailure("INSTALL_FAILED_TEST_ONLY", "installPackageLI")
    if manifest.split:
        raise InstallFailure("INSTALL_FAILED_INVALID_APK", f"Missing base package {manifest.package}")
    lowest = LOWEST_TARGET.get(sdk, 0)
    if manifest.target_sdk < lowest and not (allow_old_target or manifest.test_only):
        detail = f"App package must target at least SDK version {lowest}, but found {manifest.target_sdk}"
        raise InstallFailure("INSTALL_FAILED_DEPRECATED_SDK_VERSION", detail)
    if manifest.abis and not set(manifest.abis) & set(tablet.personality.abis):
        detail = "Failed to extract native libraries, res=-113"
        raise InstallFailure("INSTALL_FAILED_NO_MATCHING_ABIS", detail)


def _check_update(manifest: Manifest, signer: Signer, existing: Package, *, replace_existing: bool) -> None:
    name = manifest.package
    if not replace_existing and not existing.hidden:
        detail = f"Attempt to re-install {name} without first uninstalling."
        raise InstallFailure("INSTALL_FAILED_ALREADY_EXISTS", detail)
    if existing.signer not in {signer.sha256, *signer.earlier_sha256()}:
        detail = f"Existing package {name} signatures do not match newer version; ignoring!"
        raise InstallFailure("INSTALL_FAILED_UPDATE_INCOMPATIBLE", detail)
    if manifest.version_code < existing.version_code:
        detail = f"Downgrade detected: Update version code {manifest.version_code} is older than current "
        raise InstallFailure("INSTALL_FAILED_VERSION_DOWNGRADE", detail + str(existing.version_code))


def _package(
    tablet: VirtualTablet,
    manifest: Manifest,
    signer: Signer,
    existing: Package | None,
    *,
    installer: str | None,
    grant_all: bool,
) -> Package:
    sdk = tablet.personality.sdk
    kept = () if existing is None else existing.granted
    granted = {
        permission
        for permission in manifest.permissions
        if is_known(permission, sdk)
        and (not is_runtime(permission, sdk) or grant_all or permission in kept or manifest.target_sdk < 23)
    }
    return Package(
        name=manifest.package,
        version_code=manifest.version_code,
        version_name=manifest.version_name,
        min_sdk=manifest.min_sdk,
        target_sdk=manifest.target_sdk,
        path=_new_path(manifest.package, sdk),
        uid=tablet.content.next_uid if existing is None else existing.uid,
        system=existing is not None and existing.system,
        requested=manifest.permissions,
        granted=tuple(sorted(granted)),
        home_activities=manifest.home_activities,
        launcher_activities=manifest.launcher_activities,
        services=manifest.services,
        enabled=ENABLED_DEFAULT if existing is None else existing.enabled,
        installer=installer,
        signer=signer.sha256,
        signer_hash=signer.java_hash,
        installed_at=int(time.time()) if existing is None else existing.installed_at,
        test_only=manifest.test_only,
    )


def _new_path(name: str, sdk: int) -> str:
    """Where a version of Android puts the file: random parts in the folder name from 8, two of them from 11."""
    if sdk < 26:
        return f"/data/app/{name}-1/base.apk"
    if sdk < 30:
        return f"/data/app/{name}-{_random_part()}/base.apk"
    return f"/data/app/~~{_random_part()}/{name}-{_random_part()}/base.apk"


def _random_part() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode()


def _put_in_place(tablet: VirtualTablet, apk: Path, package: Package, existing: Package | None) -> None:
    """The package counts from the moment the state names it; its file lies ready before that."""
    target = tablet.files.real(package.path)
    target.parent.mkdir(parents=True)
    shutil.copyfile(apk, target)
    with tablet.changing() as state:
        state.content.packages[package.name] = replace(package, hidden=False)
        if existing is None:
            state.content.next_uid += 1
    if existing is not None and existing.path.startswith("/data/app"):
        shutil.rmtree(tablet.files.real(existing.path).parent, ignore_errors=True)
