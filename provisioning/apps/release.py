"""One version of an app as it came: a single APK, or a bundle with a choice of APKs for each kind of tablet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from provisioning.apps.app_file import AppFile
from provisioning.apps.split import BASE, Split
from provisioning.facts.plain import Plain, from_plain, to_plain


class Container(StrEnum):
    """How the file is made: one APK, bundletool's or SAI's set, APKPure's, or APKMirror's."""

    APK = "apk"
    APKS = "apks"
    XAPK = "xapk"
    APKM = "apkm"


@dataclass(frozen=True)
class Part:
    """One APK, as much of it as choosing needs. `abis` are the processor kinds it has native code for itself."""

    split: Split
    sha256: str
    size_bytes: int
    min_sdk: int = 1
    abis: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    """Features that must be there too (``uses-split``)."""
    on_demand: bool = False
    """A feature that the app fetches from its shop when somebody asks for it."""
    types: tuple[str, ...] = ()
    required_types: tuple[str, ...] = ()
    """``splitTypes`` and ``requiredSplitTypes``: Android 13 and later refuse a set that lacks one."""


@dataclass(frozen=True)
class Variant:
    """APKs that go together; parts of two variants never do. `density` is 0 where any screen will do."""

    parts: tuple[Part, ...]
    min_sdk: int = 1
    density: int = 0
    splits_required: bool = False
    """The base alone is not the whole app."""

    @property
    def base(self) -> Part:
        return next(part for part in self.parts if part.split == BASE)


@dataclass(frozen=True)
class Expansion:
    """A large file beside the app (an OBB), which is not part of any APK."""

    file: str
    size_bytes: int


@dataclass(frozen=True)
class AppRelease:
    """What was read of a file whose every APK verifies. `path` is the file, `apks` each APK by its SHA-256."""

    path: Path
    container: Container
    sha256: str
    size_bytes: int
    base: AppFile
    variants: tuple[Variant, ...]
    apks: dict[str, Path]
    expansions: tuple[Expansion, ...] = ()

    @property
    def package(self) -> str:
        return self.base.package

    @property
    def label(self) -> str:
        return self.base.label

    @property
    def signers(self) -> tuple[str, ...]:
        return self.base.signers

    @property
    def earlier_signers(self) -> tuple[str, ...]:
        return self.base.earlier_signers

    @property
    def min_sdk(self) -> int:
        return min(variant.min_sdk for variant in self.variants)


def part_of(app: AppFile, *, on_demand: bool = False) -> Part:
    """`app` as a part; its own manifest and the bundle's table of contents may each say that it is on demand."""
    return Part(
        split=app.split,
        sha256=app.sha256,
        size_bytes=app.size_bytes,
        min_sdk=app.min_sdk,
        abis=app.abis,
        needs=app.needs,
        on_demand=on_demand or app.on_demand,
        types=app.split_types,
        required_types=app.required_split_types,
    )


def variants_to_json(variants: Sequence[Variant]) -> list[Plain]:
    return [to_plain(variant) for variant in variants]


def variants_from_json(stored: Sequence[Plain]) -> tuple[Variant, ...]:
    """What `variants_to_json` wrote; raises `pydantic.ValidationError` where it is something else."""
    return tuple(from_plain(Variant, variant) for variant in stored)
