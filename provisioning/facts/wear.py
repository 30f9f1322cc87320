"""How worn the battery and the storage are, where a tablet tells: its health service first, the kernel's files next."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown

_FIELD = re.compile(r"\b(\w+): (-?\d+)\b")
_FILE = re.compile(r"^(/sys/\S+?):(.*)$", re.MULTILINE)
_STORAGE = re.compile(r"\beol: (\d+), lifetimeA: (\d+), lifetimeB: (\d+)")
# The kernel's way to say that something is there which the shell may not see.
_DENIED = "Permission denied"
# JEDEC's PRE_EOL_INFO: how much of the spare blocks is used up.
_PRE_END_OF_LIFE = {1: "normal", 2: "warning", 3: "urgent"}
# A gauge that was never set up reports a few units or the sum of several counters; a tablet's cell is in this range.
_CELL_UAH = (500_000, 30_000_000)


@dataclass(frozen=True)
class BatteryWear:
    """None stands for a number that the tablet does not tell, which proves nothing about its battery.

    Capacities in microampere hours: what a full charge holds, and what it held when it was made.
    """

    cycles: int | None
    full_uah: int | None
    design_uah: int | None
    state_of_health_percent: int | None

    @property
    def health_percent(self) -> int | None:
        """How much of its first capacity is left, by the tablet's own figure or by its two capacities."""
        if self.state_of_health_percent is not None:
            return self.state_of_health_percent
        if self.full_uah is None or self.design_uah is None:
            return None
        return min(100, round(self.full_uah * 100 / self.design_uah))


@dataclass(frozen=True)
class StorageWear:
    """The share of its rated writes that is used up, at most, in percent; and how its spare blocks are doing.

    None stands for what the tablet does not tell.
    """

    used_percent: int | None
    pre_end_of_life: str | None


def parse_battery_wear(text: str) -> BatteryWear:
    """The health service's ``getHealthInfo -> HealthInfo{…}`` (Android 13 on), then ``power_supply`` of the kernel.

    A cycle count of 0 and a capacity of 0 are what a tablet reports that does not count.
    """
    info = _health_info(text)
    wear = BatteryWear(
        cycles=_first((info.get("batteryCycleCount"), *_files(text, "/cycle_count")), 1, 100_000),
        full_uah=_first((info.get("batteryFullChargeUah"), *_files(text, "/charge_full")), *_CELL_UAH),
        design_uah=_first(
            (info.get("batteryFullChargeDesignCapacityUah"), *_files(text, "/charge_full_design")), *_CELL_UAH
        ),
        state_of_health_percent=_first((info.get("batteryStateOfHealth"),), 1, 100),
    )
    if wear == BatteryWear(None, None, None, None):
        _refuse_denial(text, "power_supply")
    return wear


def parse_storage_wear(text: str) -> StorageWear:
    """eMMC and UFS count in steps of ten percent: 1 is up to 10 % used, 10 up to 100, 11 more; 0 is not counted."""
    service = [tuple(map(int, found)) for found in _STORAGE.findall(text)]
    steps = [max(a, b) for _, a, b in service if max(a, b)]
    steps += [max(words) for name in ("/life_time", "estimation_a", "estimation_b") for words in _words(text, name)]
    ends = [eol for eol, _, _ in service] + [words[0] for words in _words(text, "/pre_eol_info", "/eol_info")]
    used = [step * 10 for step in steps if 1 <= step <= 11]
    told = [_PRE_END_OF_LIFE[end] for end in ends if end in _PRE_END_OF_LIFE]
    if not used and not told:
        _refuse_denial(text, "/device/", "health_descriptor")
        _health_info(text)
    return StorageWear(max(used) if used else None, told[0] if told else None)


def _health_info(text: str) -> dict[str, int]:
    """The numbers of the health service's record; none where this Android has no such service."""
    line = next((line for line in text.split("\n") if line.startswith("getHealthInfo -> ")), None)
    if line is not None:
        return {key: int(value) for key, value in _FIELD.findall(line)}
    if "Can't find service: android.hardware.health" not in text and not _FILE.search(text):
        refuse_errors(text)
        raise ValueError(f"the health service printed {shown(text)}")
    return {}


def _files(text: str, ending: str) -> list[int]:
    """Whole numbers in the files whose names end so, in the order they came."""
    return [int(value) for path, value in _FILE.findall(text) if path.endswith(ending) and value.strip().isdigit()]


def _words(text: str, *endings: str) -> list[tuple[int, ...]]:
    """The hexadecimal numbers (``0x01 0x02``) in each of those files that holds nothing else."""
    values = [value.split() for path, value in _FILE.findall(text) if path.endswith(endings)]
    return [
        tuple(int(word, 16) for word in words)
        for words in values
        if words and all(re.fullmatch(r"(?:0x)?[0-9a-fA-F]{1,2}", word) for word in words)
    ]


def _first(values: Iterable[int | None], least: int, most: int) -> int | None:
    return next((value for value in values if value is not None and least <= value <= most), None)


def _refuse_denial(text: str, *places: str) -> None:
    for line in text.split("\n"):
        if _DENIED in line and any(place in line for place in places):
            raise ValueError("Android does not let the shell look at it")


_POWER, _BLOCK, _UFS = "/sys/class/power_supply/*/", "/sys/block/mmcblk0/device/", "/sys/devices/platform/"
HEALTH = Command(
    "sh -c",
    Quoted(
        "dumpsys android.hardware.health.IHealth/default;"
        f'grep "" {_POWER}cycle_count {_POWER}charge_full {_POWER}charge_full_design'
        f" {_BLOCK}life_time {_BLOCK}pre_eol_info"
        f" {_UFS}*/health_descriptor/[le]* {_UFS}soc/*/health_descriptor/[le]*"
    ),
)
_GREP_CODES = frozenset({0, 1, 2})
BATTERY_WEAR = Fact("battery_wear", HEALTH, BatteryWear, parse_battery_wear, _GREP_CODES)
STORAGE_WEAR = Fact("storage_wear", HEALTH, StorageWear, parse_storage_wear, _GREP_CODES)
