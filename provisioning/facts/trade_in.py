"""Trade-in mode (Android 16 on): what a tablet in its setup wizard tells about itself before anybody trusts a bench."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors


class TradeInMode(StrEnum):
    """The values of ``persist.adb.tradeinmode`` (adb's docs/dev/adb_tradeinmode.md)."""

    FAILED = "failed"
    OFF = "off"
    STATUS_ONLY = "status_only"
    EVALUATION = "evaluation"


_MODES = {"-1": TradeInMode.FAILED, "0": TradeInMode.OFF, "1": TradeInMode.STATUS_ONLY, "2": TradeInMode.EVALUATION}


@dataclass(frozen=True)
class TradeInReport:
    """What ``tradeinmode getstatus`` reports; None for what it leaves out. IMEIs are never kept.

    A locked tablet tells nothing but that it is locked.
    """

    reset_protection: bool
    serial: str | None
    model: str | None
    launch_level: int | None
    battery_cycles: int | None
    battery_health_percent: int | None
    storage_lifetime_percent: int | None
    storage_bytes: int | None
    screen_parts: tuple[str, ...]


@dataclass(frozen=True)
class TradeIn:
    """`report` is None on an Android without trade-in mode, and on one that says it is off (after setup it always is).

    `mode` is None where the tablet does not say which it is in.
    """

    mode: TradeInMode | None
    report: TradeInReport | None


def parse_trade_in(text: str) -> TradeIn:
    """The property's value on its own line, then the report as JSON or the shell's word that there is no such thing."""
    mode = _MODES.get(text.split("\n", 1)[0].strip())
    start = text.find("{")
    if start >= 0:
        try:
            data, _ = json.JSONDecoder().raw_decode(text[start:])
        except ValueError as error:
            raise ValueError("its trade-in report is not whole") from error
        return TradeIn(mode, _report(data))
    if mode in (TradeInMode.OFF, TradeInMode.FAILED) or re.search(r"tradeinmode: .*not found", text):
        return TradeIn(mode, None)
    refuse_errors(text)
    raise ValueError("tradeinmode gave no report")


def _report(data: Mapping[str, Any]) -> TradeInReport:
    locked = _part(data, "locks").get("factory_reset_protection")
    if locked not in (True, False):
        raise ValueError("its trade-in report does not say whether the tablet is locked")
    battery, storage, product = _part(data, "battery"), _part(data, "storage"), _part(data, "product")
    screens = _part(data, "screen").get("screens")
    return TradeInReport(
        reset_protection=locked,
        serial=_text(data.get("serial")),
        model=_text(product.get("model")),
        launch_level=_number(data.get("launch_level")),
        battery_cycles=_number(battery.get("cycle_count")),
        battery_health_percent=_percent(battery.get("health")),
        storage_lifetime_percent=_percent(storage.get("useful_lifetime_remaining")),
        storage_bytes=_number(storage.get("capacity_bytes")),
        screen_parts=tuple(str(one.get("part_status", "")) for one in screens) if isinstance(screens, list) else (),
    )


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = data.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: object) -> int | None:
    """A whole number, also where it stands as text (``capacity_bytes`` does)."""
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _percent(value: object) -> int | None:
    number = _number(value)
    return number if number is not None and 0 < number <= 100 else None


# Alone, because a tablet in trade-in mode closes every service but exactly this one.
TRADE_IN_STATUS = Command("tradeinmode getstatus")
TRADE_IN = Fact(
    "trade_in",
    Command("sh -c", Quoted("getprop persist.adb.tradeinmode;tradeinmode getstatus")),
    TradeIn,
    parse_trade_in,
    frozenset({0, 1, 127}),
    private=True,
)
