"""The package manager's decision about one app, and its putting in place. Knows no command."""

from __future__ import annotations

import base64
import secrets
import shutil
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from provisioning.virtual.apk.cluster import Cluster, read_cluster
from provisioning.virtual.apk.manifest import Manifest
from provisioning.virtual.apk.refusal import InstallFailure
from provisioning.virtual.apk.signature import Signer
from provisioning.virtual.faults import Fault
from provisioning.virtual.permissions import is_known, is_runtime
from provisioning.virtual.state import ENABLED_DEFAULT, Package
from provisioning.virtual.tablet import VirtualTablet

LOWEST_TARGET = {34: 23, 35: 24, 36: 24}
"""From Android 14 on an app must aim at least at this version (AOSP PackageInstallerService)."""


def install_apks(
    tablet: VirtualTablet,
    apks: Sequence[Path],
    *,
    installer: str | None = None,
    replace_existing: bool = True,
    allow_test: bool = False,
    grant_all: bool = False,
    allow_old_target: bool = False,
) -> Package:
    """Install one app for user 0 and return what it became. Raises `InstallFailure` and changes nothing."""
    cluster = read_cluster(apks, sdk=tablet.personality.sdk)
    manifest, signer = cluster.base, cluster.signer
    _check_manifest(tablet, cluster, allow_test=allow_test, allow_old_target=allow_old_target)
    existing = tablet.content.packages.get(manifest.package)
    if existing is not None:
        _check_update(manifest, signer, existing, replace_existing=replace_existing)
    package = _package(tablet, cluster, existing, installer=installer, grant_all=grant_all)
    if tablet.faults.strikes(Fault.INSTALL_LIES):
        return package
    _put_in_place(tablet, cluster, package, existing)
    return package


def _check_manifest(tablet: VirtualTablet, cluster: Cluster, *, allow_test: bool, allow_old_target: bool) -> None:
    sdk, manifest = tablet.personality.sdk, cluster.base
    if manifest.min_sdk > sdk:
        detail = f"Failed parse during installPackageLI: Requires newer sdk version #{manifest.min_sdk} "
        raise InstallFailure("INSTALL_FAILED_OLDER_SDK", detail + f"(current version is #{sdk})")
    if manifest.test_only and not allow_test:
        raise InstallFailure("INSTALL_FAILED_TEST_ONLY", "installPackageLI")
    lowest = LOWEST_TARGET.get(sdk, 0)
    if manifest.target_sdk < lowest and not (allow_old_target or manifest.test_only):
        detail = f"App package must target at least SDK version {lowest}, but found {manifest.target_sdk}"
        raise InstallFailure("INSTALL_FAILED_DEPRECATED_SDK_VERSION", detail)
    if cluster.abis and not cluster.abis & set(tablet.personality.abis):
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
    cluster: Cluster,
    existing: Package | None,
    *,
    installer: str | None,
    grant_all: bool,
) -> Package:
    sdk, manifest, signer = tablet.personality.sdk, cluster.base, cluster.signer
    kept = () if existing is None else existing.granted
    granted = {
        permission
        for permission in cluster.permissions
        if is_known(permission, sdk)
        and (not is_runtime(permission, sdk) or grant_all or permission in kept or manifest.target_sdk < 23)
    }
    return Package(
        name=manifest.package,
        version_code=manifest.version_code,
        version_name=manifest.version_name,
        min_sdk=manifest.min_sdk,
        target_sdk=manifest.target_sdk,
        path=_new_path(manifest.package, sdk, existing),
        uid=tablet.content.next_uid if existing is None else existing.uid,
        system=existing is not None and existing.system,
        requested=cluster.permissions,
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
        splits=tuple(sorted(name for name in cluster.files if name)),
    )


def _new_path(name: str, sdk: int, existing: Package | None) -> str:
    """Where a version of Android puts the base: -1 and -2 by turns, random parts from 8, two of them from 11."""
    if sdk < 26:
        turn = 2 if existing is not None and f"{name}-1/" in existing.path else 1
        return f"/data/app/{name}-{turn}/base.apk"
    if sdk < 30:
        return f"/data/app/{name}-{_random_part()}/base.apk"
    return f"/data/app/~~{_random_part()}/{name}-{_random_part()}/base.apk"


def _random_part() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode()


def _put_in_place(tablet: VirtualTablet, cluster: Cluster, package: Package, existing: Package | None) -> None:
    """The package counts from the moment the state names it; its files lie ready before that."""
    tablet.files.real(package.path).parent.mkdir(parents=True)
    for name, path in zip(("", *package.splits), package.paths, strict=True):
        shutil.copyfile(cluster.files[name], tablet.files.real(path))
    with tablet.changing() as state:
        state.content.packages[package.name] = replace(package, hidden=False)
        if existing is None:
            state.content.next_uid += 1
    if existing is not None and existing.path.startswith("/data/app"):
        shutil.rmtree(tablet.files.real(existing.path).parent, ignore_errors=True)
