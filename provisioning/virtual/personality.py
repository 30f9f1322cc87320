"""What a maker built: the facts of one model of tablet, read from `personalities/*.toml`. They never change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "personalities"
MODEL_PREFIX = "Virtual "


@dataclass(frozen=True)
class Personality:
    """One model with one version of Android."""

    name: str
    release: str
    sdk: int
    manufacturer: str
    brand: str
    model: str
    device: str
    product: str
    security_patch: str
    width: int
    height: int
    density: int
    memory_kb: int
    storage_kb: int
    system_used_kb: int
    abis: tuple[str, ...]
    preloads: tuple[str, ...]
    """Names of groups in preloads.toml, in order."""
    telephony: bool = False
    persistent_data_block: bool = True
    trade_in: bool = False
    """Whether it offers trade-in mode while it waits in its first-run setup (Android 16 on)."""
    legacy_wire: bool = False
    """Protocol 0x01000000: 4 KiB payloads, checksums enforced, no features."""
    battery_layout: str = "aosp"
    guards_adb: bool = False
    """Settings, grants and installs by ADB wait for a switch in the developer options, as on Xiaomi."""
    protected: str = ""
    """A package that the maker lets nobody disable, such as its own launcher."""
    home: str = "com.android.launcher3/.Launcher"
    navigation_mode: str = "2"
    """What the maker's tablets leave the factory with from Android 10 on: 0 three buttons, 2 gestures."""
    properties: Mapping[str, str] = field(default_factory=dict)
    features: tuple[str, ...] = ()


def personality_names() -> tuple[str, ...]:
    """The models there are, oldest Android first."""
    return tuple(sorted((path.stem for path in FOLDER.glob("*.toml")), key=lambda name: load_personality(name).sdk))


@cache
def load_personality(name: str) -> Personality:
    """Read one model. Raises ValueError that lists the models when there is none of that name."""
    path = FOLDER / f"{name}.toml"
    if not path.is_file():
        known = ", ".join(sorted(found.stem for found in FOLDER.glob("*.toml")))
        raise ValueError(f"There is no virtual tablet called '{name}'. Choose one of: {known}.")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    lists = {key: tuple(value) for key, value in raw.items() if isinstance(value, list)}
    found = Personality(**{**raw, **lists, "name": name})
    if not found.model.startswith(MODEL_PREFIX):
        raise ValueError(
            f"The model in {path.name} must begin with '{MODEL_PREFIX}', so that nobody counts it as stock."
        )
    return found
