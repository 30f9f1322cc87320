"""Several APKs read as one app, as PackageInstallerSession checks them at commit (AOSP, validateApkInstallLocked)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from provisioning.virtual.apk.manifest import Manifest, read_manifest
from provisioning.virtual.apk.refusal import InstallFailure
from provisioning.virtual.apk.signature import Signer, read_signer

_SPLIT_REQUIRED_SINCE = 29
_INVALID = "INSTALL_FAILED_INVALID_APK"


@dataclass(frozen=True)
class Cluster:
    """One app: its base's manifest and signer, and every APK by its split name (the base's is empty)."""

    base: Manifest
    signer: Signer
    files: Mapping[str, Path]
    permissions: tuple[str, ...]
    abis: frozenset[str]


def read_cluster(apks: Sequence[Path], *, sdk: int) -> Cluster:
    """Raises `InstallFailure` for APKs that are not one whole app by one signer."""
    manifests = [(apk, read_manifest(apk)) for apk in apks]
    files: dict[str, Path] = {}
    for apk, manifest in manifests:
        if manifest.split in files:
            raise InstallFailure(_INVALID, f"Split {manifest.split or 'null'} was defined multiple times")
        files[manifest.split] = apk
        _check_consistent(apk, manifest, manifests[0][1])
    base = next((manifest for _, manifest in manifests if not manifest.split), None)
    if base is None:
        lone = f"Missing base package {manifests[0][1].package}"
        raise InstallFailure(_INVALID, lone if len(apks) == 1 else "Full install must include a base package")
    if base.split_required and len(apks) == 1 and sdk >= _SPLIT_REQUIRED_SINCE:
        raise InstallFailure("INSTALL_FAILED_MISSING_SPLIT", f"Missing split for {base.package}")
    signers = [read_signer(apk, sdk=sdk, target_sdk=base.target_sdk) for apk in files.values()]
    for apk, signer in zip(files.values(), signers, strict=True):
        if signer.certificate != signers[0].certificate:
            raise InstallFailure(_INVALID, f"{apk} signatures are inconsistent")
    return Cluster(
        base=base,
        signer=signers[list(files).index("")],
        files=files,
        permissions=tuple(dict.fromkeys(name for _, manifest in manifests for name in manifest.permissions)),
        abis=frozenset(abi for _, manifest in manifests for abi in manifest.abis),
    )


def _check_consistent(apk: Path, manifest: Manifest, first: Manifest) -> None:
    if manifest.package != first.package:
        raise InstallFailure(_INVALID, f"{apk} package {manifest.package} inconsistent with {first.package}")
    if manifest.version_code != first.version_code:
        detail = f"{apk} version code {manifest.version_code} inconsistent with {first.version_code}"
        raise InstallFailure(_INVALID, detail)
