"""What a blocker is: its code, its sentences, who may waive it, and the rules of the house it is judged by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class BlockerCode(StrEnum):
    """Stable names for blockers, stored with runs and waivers."""

    GOOGLE_ACCOUNT = "google_account"
    SAMSUNG_ACCOUNT = "samsung_account"
    LOCK_ACCOUNT = "lock_account"
    RESET_PROTECTION = "reset_protection"
    MANAGED = "managed"
    WORK_PROFILE = "work_profile"
    KNOX_GUARD = "knox_guard"
    BOOT_UNLOCKED = "boot_unlocked"
    BOOT_CUSTOM = "boot_custom"
    TRADE_IN_MODE = "trade_in_mode"
    OS_FLOOR = "os_floor"
    PATCH_AGE = "patch_age"
    BATTERY_LOW = "battery_low"
    BATTERY_FAKED = "battery_faked"
    BATTERY_HOT = "battery_hot"
    BATTERY_FAULT = "battery_fault"
    NOT_ENCRYPTED = "not_encrypted"
    UNREADABLE_IDENTITY = "unreadable_identity"
    UNREADABLE_SECURITY_PATCH = "unreadable_security_patch"
    UNREADABLE_ACCOUNTS = "unreadable_accounts"
    UNREADABLE_RESET_PROTECTION = "unreadable_reset_protection"
    UNREADABLE_OWNERSHIP = "unreadable_ownership"
    UNREADABLE_USERS = "unreadable_users"
    UNREADABLE_KNOX_GUARD = "unreadable_knox_guard"
    UNREADABLE_BOOT_INTEGRITY = "unreadable_boot_integrity"
    UNREADABLE_BATTERY = "unreadable_battery"
    UNREADABLE_ENCRYPTION = "unreadable_encryption"


# A coordinator may decide to go on in spite of these, with a reason; in spite of the others nobody may.
WAIVABLE = frozenset(
    {
        BlockerCode.OS_FLOOR,
        BlockerCode.PATCH_AGE,
        BlockerCode.UNREADABLE_SECURITY_PATCH,
        BlockerCode.BOOT_UNLOCKED,
        BlockerCode.BOOT_CUSTOM,
        BlockerCode.UNREADABLE_BOOT_INTEGRITY,
        BlockerCode.NOT_ENCRYPTED,
        BlockerCode.UNREADABLE_ENCRYPTION,
    }
)


@dataclass(frozen=True)
class WipePolicy:
    """An organisation's rules. `our_owners` are packages that manage tablets on our own behalf.

    `removal_agreed`: the giver's agreement is on record that their Google account goes with a guided reset. It is no
    waiver: it settles that one blocker, and leaves only routes that make the tablet forget the account.
    """

    least_sdk: int = 33
    least_release: str = "13"
    oldest_patch_days: int = 4 * 365
    battery_percent: int = 40
    battery_percent_charging: int = 20
    hottest_c: float = 45.0
    our_owners: frozenset[str] = frozenset()
    waived: frozenset[str] = frozenset()
    removal_agreed: bool = False


@dataclass(frozen=True)
class Blocker:
    """Three sentences for the person at the bench, and whether a coordinator may waive it."""

    code: BlockerCode
    what: str
    why: str
    next: str

    @property
    def waivable(self) -> bool:
        return self.code in WAIVABLE


Found = Iterator[Blocker]


def unreadable(fact: str, why: str) -> Blocker:
    plain = fact.replace("_", " ")
    return Blocker(
        BlockerCode(f"unreadable_{fact}"),
        f"The tablet did not tell its {plain}: {why}.",
        "What could not be read may be the very thing that makes a wipe unsafe.",
        "Unlock the screen, check the cable, and read the tablet again.",
    )
