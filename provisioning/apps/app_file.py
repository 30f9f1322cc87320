"""What we know of an app file once its manifest was read and its signature verified."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from provisioning.apps.split import BASE, Split


@dataclass(frozen=True)
class AppFile:
    """An APK that verifies. Digests are 64 lower-case hex digits.

    `signers` are the SHA-256 of the certificates that sign it (one, or several on an old v2-only file);
    `earlier_signers` those that vouch for the present one in a v3 lineage and may still be updated from.
    """

    path: Path
    sha256: str
    size_bytes: int
    package: str
    version_code: int
    version_name: str
    min_sdk: int
    target_sdk: int
    label: str
    permissions: tuple[str, ...]
    home_activities: tuple[str, ...]
    """Components as ``package/full.class.Name`` that can be the home screen."""
    abis: tuple[str, ...]
    """Processor kinds it has native code for; empty means that it runs on all."""
    schemes: tuple[str, ...]
    signers: tuple[str, ...]
    earlier_signers: tuple[str, ...] = ()
    split: Split = BASE
    splits_required: bool = False
    """The base says that it is not the whole app."""
    on_demand: bool = False
    needs: tuple[str, ...] = ()
    split_types: tuple[str, ...] = ()
    required_split_types: tuple[str, ...] = ()


def short_fingerprint(sha256: str) -> str:
    """Enough of a certificate's digest for two people to compare by eye: ``A1B2 C3D4 … 9988 7766``."""
    groups = [sha256[at : at + 4].upper() for at in range(0, len(sha256), 4)]
    return " ".join([*groups[:2], "…", *groups[-2:]])
