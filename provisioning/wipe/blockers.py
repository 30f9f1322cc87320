"""What must be settled before a tablet may be wiped. A safety fact that could not be read blocks like a bad one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from provisioning.errors import FactUnreadable
from provisioning.facts.accounts import ACCOUNTS, Accounts
from provisioning.facts.battery import BATTERY, Battery
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY, Identity
from provisioning.facts.observation import Observation
from provisioning.facts.owner import OWNERSHIP, Ownership
from provisioning.facts.security import BOOT_INTEGRITY, ENCRYPTION, KNOX_GUARD, BootIntegrity, Encryption, KnoxGuard
from provisioning.facts.setup import RESET_PROTECTION, ResetProtection
from provisioning.facts.users import USERS, AndroidUsers


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
    OS_FLOOR = "os_floor"
    BATTERY_LOW = "battery_low"
    BATTERY_FAKED = "battery_faked"
    BATTERY_HOT = "battery_hot"
    NOT_ENCRYPTED = "not_encrypted"
    UNREADABLE_IDENTITY = "unreadable_identity"
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
        BlockerCode.BOOT_UNLOCKED,
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


_Found = Iterator[Blocker]


def find_blockers(observation: Observation, policy: WipePolicy | None = None) -> tuple[Blocker, ...]:
    """Everything that stands against wiping this tablet; a waived blocker that may be waived is left out."""
    rules = policy or WipePolicy()
    found = [
        *_judge(observation, IDENTITY, lambda identity: _os_floor(identity, rules)),
        *_judge(observation, ACCOUNTS, _accounts),
        *_judge(observation, RESET_PROTECTION, _reset_protection),
        *_judge(observation, OWNERSHIP, lambda owners: _managed(owners, rules)),
        *_judge(observation, USERS, _work_profile),
        *_judge(observation, KNOX_GUARD, _knox_guard),
        *_judge(observation, BOOT_INTEGRITY, _boot),
        *_judge(observation, BATTERY, lambda battery: _battery(battery, rules)),
        *_judge(observation, ENCRYPTION, _encryption),
    ]
    return tuple(blocker for blocker in found if not _settled(blocker, rules))


def _settled(blocker: Blocker, rules: WipePolicy) -> bool:
    if blocker.code is BlockerCode.GOOGLE_ACCOUNT:
        return rules.removal_agreed
    return blocker.waivable and blocker.code in rules.waived


def _judge(observation: Observation, fact: Fact[Any], rule: Callable[[Any], _Found]) -> _Found:
    try:
        value = observation.value(fact)
    except FactUnreadable as error:
        yield _unreadable(fact.name, error.why)
    else:
        yield from rule(value)


def _unreadable(fact: str, why: str) -> Blocker:
    plain = fact.replace("_", " ")
    return Blocker(
        BlockerCode(f"unreadable_{fact}"),
        f"The tablet did not tell its {plain}: {why}.",
        "What could not be read may be the very thing that makes a wipe unsafe.",
        "Unlock the screen, check the cable, and read the tablet again.",
    )


def _os_floor(identity: Identity, rules: WipePolicy) -> _Found:
    if identity.sdk < rules.least_sdk:
        yield Blocker(
            BlockerCode.OS_FLOOR,
            f"This tablet runs Android {identity.release}; we lend from Android {rules.least_release} on.",
            "Older Androids no longer get security updates, and meeting apps stop working on them.",
            "Retire it, or ask a coordinator to waive the floor with a reason.",
        )


_LOCK_ACCOUNTS = {
    "com.google": (BlockerCode.GOOGLE_ACCOUNT, "Google", "Settings → Accounts"),
    "com.osp.app.signin": (BlockerCode.SAMSUNG_ACCOUNT, "Samsung", "Settings → Accounts → Samsung account"),
    "com.xiaomi": (BlockerCode.LOCK_ACCOUNT, "Xiaomi", "Settings → Mi Account"),
    "com.huawei.hwid": (BlockerCode.LOCK_ACCOUNT, "Huawei", "Settings → HUAWEI ID"),
    "com.amazon.account": (BlockerCode.LOCK_ACCOUNT, "Amazon", "Settings → My Account"),
}


_OR_RECORD = " Or record that the donor agreed to have it removed here with a guided reset."


def _accounts(accounts: Accounts) -> _Found:
    for kind, count in accounts.by_type.items():
        if kind not in _LOCK_ACCOUNTS:
            continue
        code, maker, place = _LOCK_ACCOUNTS[kind]
        also = _OR_RECORD if code is BlockerCode.GOOGLE_ACCOUNT else ""
        signed_in = f"A {maker} account is" if count == 1 else f"{count} {maker} accounts are"
        yield Blocker(
            code,
            f"{signed_in} signed in on this tablet.",
            f"After a reset {maker} would ask for that account, and nobody else could use the tablet.",
            f"On the tablet, open {place} and remove it; the donor may have to enter their password." + also,
        )


def _reset_protection(state: ResetProtection) -> _Found:
    if state.active:
        yield Blocker(
            BlockerCode.RESET_PROTECTION,
            "Factory reset protection is active.",
            "The tablet wants an earlier owner's account before it can be used, and we never bypass that.",
            "Put it aside and ask the donor to sign in once and remove their account, or to take it back.",
        )


def _managed(owners: Ownership, rules: WipePolicy) -> _Found:
    packages = ([owners.device_owner] if owners.device_owner else []) + [
        owner.package for owner in owners.profile_owners if owner.user == 0
    ]
    strangers = [package for package in packages if package not in rules.our_owners]
    if strangers:
        yield Blocker(
            BlockerCode.MANAGED,
            f"Another organisation manages this tablet (through {strangers[0]}).",
            "It may refuse the reset, or enrol itself with them again afterwards.",
            "Ask the donor's IT team to release the tablet, then read it again.",
        )


def _work_profile(users: AndroidUsers) -> _Found:
    if users.work_profiles:
        yield Blocker(
            BlockerCode.WORK_PROFILE,
            "There is a work profile on this tablet.",
            "It holds an employer's data, and the donor may not know that it is there.",
            "Ask the donor to remove it under Settings → Accounts → Work, then read the tablet again.",
        )


def _knox_guard(knox: KnoxGuard) -> _Found:
    if knox.held:
        yield Blocker(
            BlockerCode.KNOX_GUARD,
            f"Samsung Knox Guard is {(knox.state or '').lower()} on this tablet.",
            "It is still being paid for, or was reported stolen; its lender can lock it at any time.",
            "Do not wipe or lend it. Put it aside and tell a coordinator.",
        )


def _boot(boot: BootIntegrity) -> _Found:
    if boot.unlocked:
        yield Blocker(
            BlockerCode.BOOT_UNLOCKED,
            "This tablet's bootloader is unlocked.",
            "Its software may not be the maker's own, so nothing it says about itself is certain.",
            "Restore the maker's software and lock it, or ask a coordinator to waive this with a reason.",
        )


def _battery(battery: Battery, rules: WipePolicy) -> _Found:
    if battery.faked:
        yield Blocker(
            BlockerCode.BATTERY_FAKED,
            "The battery's values have been faked with a test command.",
            "Its real charge and heat are hidden, and a wipe on an empty battery can ruin the tablet.",
            "Run “dumpsys battery reset” or restart the tablet, then read it again.",
        )
        return
    least = rules.battery_percent_charging if battery.charging else rules.battery_percent
    if battery.level_percent < least:
        yield Blocker(
            BlockerCode.BATTERY_LOW,
            f"The battery is at {battery.level_percent} %.",
            "A tablet that goes off in the middle of a wipe may not start again.",
            f"Charge it to {rules.battery_percent} %, or to {rules.battery_percent_charging} % and leave it charging.",
        )
    if battery.temperature_c is None:
        yield _unreadable("battery", "it does not say how hot the battery is")
    elif battery.temperature_c > rules.hottest_c:
        yield Blocker(
            BlockerCode.BATTERY_HOT,
            f"The battery is at {battery.temperature_c:.0f} °C.",
            "A battery this hot may be damaged.",
            "Unplug it, let it cool where it can do no harm, and look for swelling before going on.",
        )


def _encryption(encryption: Encryption) -> _Found:
    if not encryption.encrypted:
        yield Blocker(
            BlockerCode.NOT_ENCRYPTED,
            "This tablet's storage is not encrypted.",
            "A reset then only forgets where the data was; special tools could still find it.",
            "Have the storage destroyed, or ask a coordinator to accept a plain clear with a reason.",
        )
