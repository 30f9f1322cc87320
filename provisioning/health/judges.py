"""The judges: each looks at one side of a tablet and yields what speaks against it.

A judge that has nothing to go by raises `FactUnreadable`, so that silence never counts as good health.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from provisioning.errors import FactUnreadable
from provisioning.facts.battery import BATTERY, Battery, BatteryHealth
from provisioning.facts.cameras import CAMERAS
from provisioning.facts.display import DISPLAY
from provisioning.facts.fact import Fact
from provisioning.facts.features import FEATURES
from provisioning.facts.identity import IDENTITY
from provisioning.facts.memory import MEMORY
from provisioning.facts.observation import Observation
from provisioning.facts.packages import ENABLED_PACKAGES
from provisioning.facts.software import SECURITY_PATCH, SOFTWARE
from provisioning.facts.storage import STORAGE
from provisioning.facts.trade_in import TRADE_IN, TradeInReport
from provisioning.facts.wear import BATTERY_WEAR, STORAGE_WEAR
from provisioning.health.suggestion import Finding, Grade, GradePolicy

Found = Iterator[Finding]
Judge = Callable[[Observation, GradePolicy], Found]

_GIB = 1 << 30
_BAD_BATTERY = {
    BatteryHealth.DEAD: (Grade.X, "Its battery is dead."),
    BatteryHealth.FAILURE: (Grade.X, "Its battery reports a failure."),
    BatteryHealth.OVER_VOLTAGE: (Grade.X, "Its battery reports too high a voltage."),
    BatteryHealth.OVERHEAT: (Grade.C, "Its battery reports that it is too hot; read it again once it has cooled."),
}
_NEEDED = {
    "android.hardware.wifi": (Grade.X, "It has no Wi-Fi."),
    "android.hardware.touchscreen": (Grade.X, "It has no touch screen."),
    "android.hardware.microphone": (Grade.X, "It has no microphone, so nobody can be heard on a call."),
    "android.hardware.camera.front": (Grade.C, "It has no front camera, so nobody can be seen on a video call."),
    "android.hardware.bluetooth": (Grade.B, "It has no Bluetooth, so hearing aids and headsets cannot connect."),
}


def battery_condition(seen: Observation, _: GradePolicy) -> Found:
    battery = _honest_battery(seen)
    if battery.present is False:
        yield Finding(Grade.X, "It has no battery.")
    if battery.health in _BAD_BATTERY:
        yield Finding(*_BAD_BATTERY[battery.health])


def _honest_battery(seen: Observation) -> Battery:
    battery = seen.value(BATTERY)
    if battery.faked:
        raise FactUnreadable("battery", "its values have been faked with a test command")
    return battery


def battery_wear(seen: Observation, policy: GradePolicy) -> Found:
    """Samsung's own figure, the health service's, or trade-in mode's: whichever there is, in this order."""
    battery, wear, report = seen.readable(BATTERY), seen.readable(BATTERY_WEAR), _report(seen)
    own = battery if battery and not battery.faked else None
    percent = _told(
        own.state_of_health_percent if own else None,
        wear.health_percent if wear else None,
        report.battery_health_percent if report else None,
    )
    cycles = _told(
        own.cycles if own else None,
        wear.cycles if wear else None,
        report.battery_cycles if report else None,
    )
    if percent is None and cycles is None:
        raise FactUnreadable("battery wear", _why(seen, BATTERY_WEAR, "the tablet does not tell how worn it is"))
    if percent is not None:
        left = f"Its battery holds {percent} % of what it held when it was made"
        lines = (policy.battery_spent_percent, policy.battery_poor_percent, policy.battery_fair_percent)
        yield from _below(percent, lines, f"{left}.", worst=f"{left}, too little to lend: it needs another.")
    if cycles is not None and cycles >= policy.battery_many_cycles:
        yield Finding(Grade.B, f"Its battery has been charged {cycles} times over.")


def storage_wear(seen: Observation, policy: GradePolicy) -> Found:
    wear, report = seen.readable(STORAGE_WEAR), _report(seen)
    left = report.storage_lifetime_percent if report else None
    used = _told(wear.used_percent if wear else None, None if left is None else 100 - left)
    end = wear.pre_end_of_life if wear else None
    if used is None and end is None:
        raise FactUnreadable("storage wear", _why(seen, STORAGE_WEAR, "the tablet does not tell how worn it is"))
    if end == "urgent":
        yield Finding(Grade.X, "Its storage has nearly run out of spare blocks and will fail soon.")
    elif end == "warning":
        yield Finding(Grade.C, "Its storage has used up most of its spare blocks.")
    if used is not None and used >= policy.storage_worn_percent:
        grade = Grade.C if used >= policy.storage_spent_percent else Grade.B
        yield Finding(grade, f"Up to {min(used, 100)} % of the writes its storage is built for are used up.")


def storage_room(seen: Observation, policy: GradePolicy) -> Found:
    gib = seen.value(STORAGE).total_bytes / _GIB
    if gib < policy.storage_least_gib:
        yield Finding(Grade.X, f"It has room for only {gib:.0f} GB of apps and updates: they stop fitting.")
    elif gib < policy.storage_small_gib:
        yield Finding(Grade.C, f"It has room for only {gib:.0f} GB of apps and updates.")


def memory(seen: Observation, policy: GradePolicy) -> Found:
    gib = seen.value(MEMORY).nominal_gib
    lines = (policy.memory_least_gib + 1, policy.memory_poor_gib + 1, policy.memory_tight_gib + 1)
    has = f"It has {gib} GB of memory"
    yield from _below(gib, lines, f"{has}; video calls may stutter.", worst=f"{has}: video calls do not run in it.")
    software = seen.readable(SOFTWARE)
    if software and software.low_memory_edition:
        yield Finding(Grade.C, "It runs the edition of Android for little memory, which does without some features.")


def android(seen: Observation, policy: GradePolicy) -> Found:
    identity = seen.value(IDENTITY)
    if identity.sdk < policy.sdk_least:
        yield Finding(Grade.X, f"It runs Android {identity.release}, for which no meeting app is made any more.")
    elif identity.sdk < policy.sdk_few_apps:
        yield Finding(Grade.C, f"It runs Android {identity.release}, on which few meeting apps still install.")
    if identity.abis and not any("64" in abi for abi in identity.abis):
        yield Finding(Grade.B, "Its system is a 32-bit one, which ever fewer apps support.")


def patch(seen: Observation, policy: GradePolicy) -> Found:
    level = seen.value(SECURITY_PATCH)
    age = level.age_days(seen.taken_at.date())
    if age is None:
        raise FactUnreadable("security patch", "this Android does not tell")
    if age > policy.patch_old_days:
        grade = Grade.C if age > policy.patch_very_old_days else Grade.B
        yield Finding(grade, f"Its last security update is of {level.level:%B %Y}.")


def screen(seen: Observation, policy: GradePolicy) -> Found:
    display = seen.value(DISPLAY)
    short = min(display.width, display.height)
    if short < policy.screen_coarse_pixels:
        grade = Grade.C if short < policy.screen_poor_pixels else Grade.B
        yield Finding(grade, f"Its screen is coarse, {display.width} by {display.height} dots.")
    report = _report(seen)
    if report and "replaced" in report.screen_parts:
        yield Finding(Grade.B, "Its screen has been replaced by a part that is not the maker's own.")


def equipment(seen: Observation, _: GradePolicy) -> Found:
    features = seen.value(FEATURES)
    for name, finding in _NEEDED.items():
        if name not in features:
            yield Finding(*finding)


def cameras(seen: Observation, _: GradePolicy) -> Found:
    """A camera that the model has and the camera service does not find is broken or unplugged inside."""
    found, features = seen.value(CAMERAS), seen.readable(FEATURES)
    if features is None or "android.hardware.camera.front" not in features:
        return
    if found.count == 0:
        yield Finding(Grade.C, "None of its cameras answers, although the model has them.")
    elif found.facing and "front" not in found.facing:
        yield Finding(Grade.C, "Its front camera does not answer, although the model has one.")


def google(seen: Observation, _: GradePolicy) -> Found:
    if "com.google.android.gms" not in seen.value(ENABLED_PACKAGES):
        yield Finding(Grade.B, "It has no Google services: apps are put on and updated by us alone.")


JUDGES: Mapping[str, Judge] = {
    "battery": battery_condition,
    "battery wear": battery_wear,
    "storage wear": storage_wear,
    "storage": storage_room,
    "memory": memory,
    "Android": android,
    "security patch": patch,
    "screen": screen,
    "equipment": equipment,
    "cameras": cameras,
    "Google services": google,
}


def _below(value: int, lines: tuple[int, int, int], sentence: str, *, worst: str) -> Found:
    """X below the first line, C below the second, B below the third."""
    for grade, line in zip((Grade.X, Grade.C, Grade.B), lines, strict=True):
        if value < line:
            yield Finding(grade, worst if grade is Grade.X else sentence)
            return


def _told(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


def _report(seen: Observation) -> TradeInReport | None:
    trade_in = seen.readable(TRADE_IN)
    return trade_in.report if trade_in else None


def _why(seen: Observation, fact: Fact[Any], otherwise: str) -> str:
    return seen.unreadable.get(fact.name, otherwise)
