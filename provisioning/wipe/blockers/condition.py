"""What speaks against a tablet itself: its Android and patches, its system, its battery, its storage."""

from __future__ import annotations

from datetime import date

from provisioning.facts.battery import Battery, BatteryHealth
from provisioning.facts.identity import Identity
from provisioning.facts.security import BootIntegrity, Encryption
from provisioning.facts.software import SecurityPatch
from provisioning.wipe.blockers.blocker import Blocker, BlockerCode, Found, WipePolicy, unreadable


def old_android(identity: Identity, rules: WipePolicy) -> Found:
    if identity.sdk < rules.least_sdk:
        yield Blocker(
            BlockerCode.OS_FLOOR,
            f"This tablet runs Android {identity.release}; we lend from Android {rules.least_release} on.",
            "Older Androids no longer get security updates, and meeting apps stop working on them.",
            "Retire it, or ask a coordinator to waive the floor with a reason.",
        )


def old_patch(patch: SecurityPatch, today: date, rules: WipePolicy) -> Found:
    age = patch.age_days(today)
    if age is None or patch.level is None:
        yield unreadable("security_patch", "it names no day")
    elif age > rules.oldest_patch_days:
        yield Blocker(
            BlockerCode.PATCH_AGE,
            f"Its last security update is of {patch.level:%B %Y}, {age // 365} years ago.",
            "Holes found since then stay open, and whoever borrows it may bank or see their doctor on it.",
            "Look for an update under Settings → System, or ask a coordinator to waive this with a reason.",
        )


def changed_system(boot: BootIntegrity) -> Found:
    if boot.unlocked:
        yield Blocker(
            BlockerCode.BOOT_UNLOCKED,
            "This tablet's bootloader is unlocked.",
            "Its software may not be the maker's own, so nothing it says about itself is certain.",
            "Restore the maker's software and lock it, or ask a coordinator to waive this with a reason.",
        )
    elif boot.custom:
        yield Blocker(
            BlockerCode.BOOT_CUSTOM,
            "The system on this tablet is not the maker's finished one: it calls itself a test or custom build.",
            "Such a system may answer anything, so its proofs of a wipe count for little.",
            "Put the maker's software on it, or ask a coordinator to waive this with a reason.",
        )


_UNSAFE_BATTERY = {
    BatteryHealth.DEAD: "dead",
    BatteryHealth.OVER_VOLTAGE: "too high a voltage",
    BatteryHealth.FAILURE: "a failure it does not name",
    BatteryHealth.OVERHEAT: "overheated",
}


def bad_battery(battery: Battery, rules: WipePolicy) -> Found:
    if battery.faked:
        yield Blocker(
            BlockerCode.BATTERY_FAKED,
            "The battery's values have been faked with a test command.",
            "Its real charge and heat are hidden, and a wipe on an empty battery can ruin the tablet.",
            "Run “dumpsys battery reset” or restart the tablet, then read it again.",
        )
        return
    if battery.health in _UNSAFE_BATTERY:
        yield Blocker(
            BlockerCode.BATTERY_FAULT,
            f"The tablet says that its battery is at fault: {_UNSAFE_BATTERY[battery.health]}.",
            "A failing battery can swell or catch fire on the bench, and can cut a wipe short.",
            "Unplug it, do not charge it, and hold it for safety until somebody has looked at the battery.",
        )
    least = rules.battery_percent_charging if battery.charging else rules.battery_percent
    if battery.level_percent < least:
        yield Blocker(
            BlockerCode.BATTERY_LOW,
            f"The battery is at {battery.level_percent} %.",
            "A tablet that goes off in the middle of a wipe may not start again.",
            f"Charge it to {rules.battery_percent} %, or to {rules.battery_percent_charging} % and leave it charging.",
        )
    if battery.temperature_c is None:
        yield unreadable("battery", "it does not say how hot the battery is")
    elif battery.temperature_c > rules.hottest_c:
        yield Blocker(
            BlockerCode.BATTERY_HOT,
            f"The battery is at {battery.temperature_c:.0f} °C.",
            "A battery this hot may be damaged.",
            "Unplug it, let it cool where it can do no harm, and look for swelling before going on.",
        )


def plain_storage(encryption: Encryption) -> Found:
    if not encryption.encrypted:
        yield Blocker(
            BlockerCode.NOT_ENCRYPTED,
            "This tablet's storage is not encrypted.",
            "A reset then only forgets where the data was; special tools could still find it.",
            "Have the storage destroyed, or ask a coordinator to accept a plain clear with a reason.",
        )
