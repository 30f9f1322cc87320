"""What one APK of an app is for: the base, a feature, or one processor's, screen's or language's share of either.

It is told by the manifest, never by the file's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class SplitKind(StrEnum):
    BASE = "base"
    FEATURE = "feature"
    ABI = "abi"
    DENSITY = "density"
    LANGUAGE = "language"
    OTHER = "other"
    """A dimension that no rule here chooses by, such as texture formats."""


@dataclass(frozen=True)
class Split:
    """`name` is the manifest's (empty for the base), `module` the feature it belongs to (empty for the base).

    `value` is Android's name of a processor kind, a density in dots per inch, or a language tag such as ``pt-BR``.
    """

    name: str
    kind: SplitKind
    module: str = ""
    value: str = ""


BASE = Split("", SplitKind.BASE)

ABIS = {
    abi.replace("-", "_"): abi
    for abi in ("arm64-v8a", "armeabi-v7a", "armeabi", "x86_64", "x86", "mips64", "mips", "riscv64")
}
DENSITIES = {
    "ldpi": 120,
    "mdpi": 160,
    "tvdpi": 213,
    "hdpi": 240,
    "xhdpi": 320,
    "xxhdpi": 480,
    "xxxhdpi": 640,
}

_CONFIG = re.compile(r"(?:(?P<module>.+)\.)?config\.(?P<rest>[^.]+)")
_LANGUAGE = re.compile(
    r"(?P<language>[a-z]{2,3})(?:[_-](?P<script>[A-Z][a-z]{3}))?(?:[_-]r?(?P<region>[A-Z]{2}|\d{3}))?"
)


def split_of(name: str, *, is_feature: bool = False, config_for: str | None = None) -> Split:
    """Read the manifest's ``split``, ``android:isFeatureSplit`` and ``configForSplit``."""
    if not name:
        return BASE
    if is_feature:
        return Split(name, SplitKind.FEATURE, name)
    found = _CONFIG.fullmatch(name)
    if found is None:
        kind, value = _meaning(name) if len(name) != 3 else (SplitKind.OTHER, "")
        # Before Android 8 features did not say so; a short bare name is a language as old tools named it.
        return Split(name, kind, "", value) if kind is not SplitKind.OTHER else Split(name, SplitKind.FEATURE, name)
    kind, value = _meaning(found["rest"])
    module = config_for if config_for is not None else (found["module"] or "")
    return Split(name, kind, module, value)


def _meaning(rest: str) -> tuple[SplitKind, str]:
    rest = re.sub(r"_v\d+$", "", rest)  # aapt adds the Android version from which a density counts
    if rest in ABIS:
        return SplitKind.ABI, ABIS[rest]
    if rest in DENSITIES:
        return SplitKind.DENSITY, str(DENSITIES[rest])
    if rest.endswith("dpi") and rest[:-3].isdecimal():
        return SplitKind.DENSITY, rest[:-3]
    if found := _LANGUAGE.fullmatch(rest.removeprefix("b+").replace("+", "-")):
        return SplitKind.LANGUAGE, "-".join(part for part in found.group("language", "script", "region") if part)
    return SplitKind.OTHER, ""
