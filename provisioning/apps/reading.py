"""Reading one APK into the app library: nothing comes in that is no app or whose signature does not verify."""

from __future__ import annotations

import re
from pathlib import Path

from provisioning.apps.app_file import AppFile
from provisioning.apps.archive import list_entries, read_members
from provisioning.apps.manifest import read_manifest
from provisioning.apps.signatures.verifying import verify_apk
from provisioning.digest import sha256_of
from provisioning.errors import NotAnApk

_NATIVE = re.compile(r"lib/([^/]+)/[^/]+\.so")


def read_app(path: Path) -> AppFile:
    """Raises `NotAnApk` for a file that is no app, `SignatureInvalid` for one not signed, or changed since."""
    try:
        names = list_entries(path)
        signature = verify_apk(path)
        # Unpacking and parsing come after, when somebody has put their name to the bytes.
        manifest = read_manifest(path.name, read_members(path))
        digest = sha256_of(path)
        size = path.stat().st_size
    except OSError as error:
        raise NotAnApk(f"{path.name} cannot be read: {error.strerror}. Check that the file is there.") from error
    return AppFile(
        path=path,
        sha256=digest,
        size_bytes=size,
        abis=tuple(sorted({match[1] for name in names if (match := _NATIVE.fullmatch(name))})),
        schemes=signature.schemes,
        signers=signature.signers,
        earlier_signers=signature.earlier_signers,
        package=manifest.package,
        version_code=manifest.version_code,
        version_name=manifest.version_name,
        min_sdk=manifest.min_sdk,
        target_sdk=manifest.target_sdk,
        label=manifest.label,
        permissions=manifest.permissions,
        home_activities=manifest.home_activities,
        split=manifest.parts.split,
        splits_required=manifest.parts.splits_required,
        on_demand=manifest.parts.on_demand,
        needs=manifest.parts.needs,
        split_types=manifest.parts.split_types,
        required_split_types=manifest.parts.required_split_types,
    )
