"""The battery: charge, health, heat, and whether somebody has faked its values (`dumpsys battery`)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown


class ChargeStatus(StrEnum):
    """BatteryManager.BATTERY_STATUS_*, in Android's order from 1."""

    UNKNOWN = "unknown"
    CHARGING = "charging"
    DISCHARGING = "discharging"
    NOT_CHARGING = "not_charging"
    FULL = "full"


class BatteryHealth(StrEnum):
    """BatteryManager.BATTERY_HEALTH_*, in Android's order from 1."""

    UNKNOWN = "unknown"
    GOOD = "good"
    OVERHEAT = "overheat"
    DEAD = "dead"
    OVER_VOLTAGE = "over_voltage"
    FAILURE = "failure"
    COLD = "cold"


@dataclass(frozen=True)
class Battery:
    """`state_of_health_percent`, `cycles` and `first_used` come from Samsung's own lines and are None elsewhere.

    `source` is ``ac``, ``usb``, ``wireless`` or ``dock``; None on battery. `charge_uah` is indicative only: makers
    do not agree on its unit. `faked` means someone ran ``dumpsys battery set``: no other value here is true until
    ``dumpsys battery reset``.
    """

    level_percent: int
    status: ChargeStatus
    health: BatteryHealth
    present: bool | None
    source: str | None
    temperature_c: float | None
    voltage_mv: int | None
    technology: str | None
    faked: bool
    state_of_health_percent: int | None
    cycles: int | None
    charge_limit_percent: int | None
    first_used: date | None = None
    charge_uah: int | None = None

    @property
    def powered(self) -> bool:
        return self.source is not None

    @property
    def charging(self) -> bool:
        return self.status in {ChargeStatus.CHARGING, ChargeStatus.FULL}


E = TypeVar("E", bound=StrEnum)

_SOURCES = ("AC", "USB", "Wireless", "Dock")
_HEADER = "Current Battery Service state:"
_FIELD = re.compile(r"^  ([A-Za-z][\w ]*): (.*)$")


def parse_battery(text: str) -> Battery:
    """Follows BatteryService.dumpInternal of API 25 to 34 and the makers' additions listed in android.md 3.3."""
    _, header, body = text.partition(_HEADER)
    if not header:
        refuse_errors(text)
        raise ValueError(f"dumpsys printed {shown(text)}")
    fields = _fields(body)
    level, scale = _number(fields, "level"), _number(fields, "scale") or 100
    status = _number(fields, "status")
    if level is None or status is None or not 0 <= level <= scale:
        raise ValueError("the answer has no level and status that make sense")
    return Battery(
        level_percent=round(level * 100 / scale),
        status=_named(ChargeStatus, status),
        health=_named(BatteryHealth, _number(fields, "health") or 1),
        present={"true": True, "false": False}.get(fields.get("present", "")),
        source=next((name for name in _SOURCES if fields.get(f"{name} powered") == "true"), "").lower() or None,
        temperature_c=_temperature(_number(fields, "temperature")),
        voltage_mv=_voltage(_number(fields, "voltage")),
        technology=fields.get("technology") or None,
        faked="(UPDATES STOPPED" in body,
        state_of_health_percent=_within(_extra(text, "mSavedBatteryAsoc"), 40, 100),
        cycles=_cycles(_extra(text, "mSavedBatteryUsage")),
        charge_limit_percent=_charge_limit(text),
        first_used=_first_used(text),
        charge_uah=_number(fields, "Charge counter") or None,
    )


def _fields(body: str) -> dict[str, str]:
    """AOSP's own lines: two spaces, exact key, first occurrence; they end where a maker's additions begin."""
    fields: dict[str, str] = {}
    for line in body.split("\n"):
        if line.strip() == "[EventLogBuffer]" or (line and not line[0].isspace()):
            break
        match = _FIELD.match(line)
        if match:
            fields.setdefault(match.group(1), match.group(2).strip())
    return fields


def _number(fields: Mapping[str, str], key: str) -> int | None:
    value = fields.get(key, "")
    return int(value) if re.fullmatch(r"-?\d+", value) else None


def _named(kind: type[E], number: int) -> E:
    members = list(kind)
    return members[number - 1] if 1 <= number <= len(members) else members[0]


def _temperature(tenths: int | None) -> float | None:
    """Tenths of a degree; a value no tablet could report and live counts as not told."""
    return None if tenths is None or not -300 <= tenths <= 1000 else tenths / 10


def _voltage(value: int | None) -> int | None:
    """Millivolts, from makers that print microvolts (4123000) or whole volts (4)."""
    if not value or value < 0:
        return None
    if value > 10_000:
        return value // 1000
    return value * 1000 if value < 10 else value


def _extra(text: str, key: str) -> int | None:
    """A Samsung line such as ``mSavedBatteryAsoc: 93`` or ``mSavedBatteryAsoc: [93]``."""
    match = re.search(rf"^\s*{key}: \[?(-?\d+)\]?\s*$", text, re.MULTILINE)
    return int(match.group(1)) if match else None


def _within(value: int | None, least: int, most: int) -> int | None:
    """None outside the range: -1 means unsupported, and 2 was seen where a health enum had leaked into the field."""
    return value if value is not None and least <= value <= most else None


def _cycles(hundredths: int | None) -> int | None:
    return hundredths // 100 if hundredths is not None and hundredths >= 0 else None


def _first_used(text: str) -> date | None:
    """``battery FirstUseDate: [20240630]``; None for the zeros of a tablet that never wrote it down."""
    match = re.search(r"^\s*battery FirstUseDate: \[?(\d{4})(\d\d)(\d\d)\]?\s*$", text, re.MULTILINE)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def _charge_limit(text: str) -> int | None:
    """The level that Samsung's battery protection will not charge beyond, where it is switched on."""
    return _within(_extra(text, "mProtectionThreshold"), 50, 99) if _extra(text, "mProtectBatteryMode") else None


BATTERY = Fact("battery", Command("dumpsys battery"), Battery, parse_battery)
