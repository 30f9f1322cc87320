"""Blockers: each is found, says what, why and what next, and doubt is never a pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from provisioning.facts.accounts import ACCOUNTS, Accounts
from provisioning.facts.battery import BATTERY, BatteryHealth, ChargeStatus
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.owner import OWNERSHIP, Ownership, ProfileOwner
from provisioning.facts.security import BOOT_INTEGRITY, ENCRYPTION, KNOX_GUARD, BootIntegrity, Encryption, KnoxGuard
from provisioning.facts.setup import RESET_PROTECTION, ResetProtection
from provisioning.facts.software import SECURITY_PATCH, SecurityPatch
from provisioning.facts.trade_in import TRADE_IN, TradeIn, TradeInMode, TradeInReport
from provisioning.facts.users import USERS, AndroidUser, AndroidUsers
from provisioning.wipe.blockers import WAIVABLE, BlockerCode, WipePolicy, find_blockers
from tests.provisioning.observations import SOUND_BATTERY, observed, on_android

SAFETY_FACTS: tuple[Fact[Any], ...] = (
    IDENTITY,
    SECURITY_PATCH,
    ACCOUNTS,
    RESET_PROTECTION,
    OWNERSHIP,
    USERS,
    KNOX_GUARD,
    BOOT_INTEGRITY,
    BATTERY,
    ENCRYPTION,
)

STATUS_ONLY = TradeInMode.STATUS_ONLY
REPORT = TradeInReport(False, "SAMPLE0001", None, None, None, None, None, None, ())
UNSAFE = (BatteryHealth.DEAD, BatteryHealth.OVERHEAT, BatteryHealth.OVER_VOLTAGE, BatteryHealth.FAILURE)
CASES: list[tuple[BlockerCode, Mapping[Fact[Any], object]]] = [
    (BlockerCode.GOOGLE_ACCOUNT, {ACCOUNTS: Accounts({0: {"com.google": 1}})}),
    (BlockerCode.GOOGLE_ACCOUNT, {ACCOUNTS: Accounts({0: {}, 10: {"com.google": 2}})}),
    (BlockerCode.SAMSUNG_ACCOUNT, {ACCOUNTS: Accounts({0: {"com.osp.app.signin": 1}})}),
    (BlockerCode.LOCK_ACCOUNT, {ACCOUNTS: Accounts({0: {"com.xiaomi": 1}})}),
    (BlockerCode.LOCK_ACCOUNT, {ACCOUNTS: Accounts({0: {"com.huawei.hwid": 1}})}),
    (BlockerCode.RESET_PROTECTION, {RESET_PROTECTION: ResetProtection(active=True)}),
    (BlockerCode.MANAGED, {OWNERSHIP: Ownership("com.example.mdm", ())}),
    (BlockerCode.MANAGED, {OWNERSHIP: Ownership(None, (ProfileOwner(0, "com.example.mdm"),))}),
    (BlockerCode.WORK_PROFILE, {USERS: AndroidUsers((AndroidUser(0, False), AndroidUser(10, True)))}),
    (BlockerCode.KNOX_GUARD, {KNOX_GUARD: KnoxGuard("Active", None)}),
    (BlockerCode.KNOX_GUARD, {KNOX_GUARD: KnoxGuard("Locked", None)}),
    (BlockerCode.BOOT_UNLOCKED, {BOOT_INTEGRITY: BootIntegrity(False, None, None, None, None)}),
    (BlockerCode.BOOT_UNLOCKED, {BOOT_INTEGRITY: BootIntegrity(None, "orange", None, None, None)}),
    (BlockerCode.BOOT_CUSTOM, {BOOT_INTEGRITY: BootIntegrity(True, "green", "userdebug", "release-keys", False)}),
    (BlockerCode.BOOT_CUSTOM, {BOOT_INTEGRITY: BootIntegrity(None, None, "user", "test-keys", None)}),
    (BlockerCode.BOOT_CUSTOM, {BOOT_INTEGRITY: BootIntegrity(None, None, None, None, debuggable=True)}),
    (BlockerCode.BOOT_CUSTOM, {BOOT_INTEGRITY: BootIntegrity(None, None, None, None, None, "disabled", None)}),
    (BlockerCode.BOOT_CUSTOM, {BOOT_INTEGRITY: BootIntegrity(None, None, None, None, None, None, secure=False)}),
    (BlockerCode.RESET_PROTECTION, {TRADE_IN: TradeIn(None, replace(REPORT, reset_protection=True))}),
    (BlockerCode.RESET_PROTECTION, {TRADE_IN: TradeIn(STATUS_ONLY, replace(REPORT, reset_protection=True))}),
    (BlockerCode.TRADE_IN_MODE, {TRADE_IN: TradeIn(STATUS_ONLY, REPORT), ACCOUNTS: None, BATTERY: None}),
    (BlockerCode.OS_FLOOR, on_android(32)),
    (BlockerCode.PATCH_AGE, {SECURITY_PATCH: SecurityPatch(date(2022, 11, 1))}),
    (BlockerCode.UNREADABLE_SECURITY_PATCH, {SECURITY_PATCH: SecurityPatch(None)}),
    (BlockerCode.BATTERY_LOW, {BATTERY: replace(SOUND_BATTERY, level_percent=39)}),
    (
        BlockerCode.BATTERY_LOW,
        {BATTERY: replace(SOUND_BATTERY, level_percent=19, status=ChargeStatus.CHARGING)},
    ),
    *((BlockerCode.BATTERY_FAULT, {BATTERY: replace(SOUND_BATTERY, health=health)}) for health in UNSAFE),
    (BlockerCode.BATTERY_FAKED, {BATTERY: replace(SOUND_BATTERY, faked=True)}),
    (BlockerCode.BATTERY_HOT, {BATTERY: replace(SOUND_BATTERY, temperature_c=45.1)}),
    (BlockerCode.UNREADABLE_BATTERY, {BATTERY: replace(SOUND_BATTERY, temperature_c=None)}),
    (BlockerCode.NOT_ENCRYPTED, {ENCRYPTION: Encryption(encrypted=False, kind=None)}),
]


def codes(changes: Mapping[Fact[Any], object], policy: WipePolicy | None = None) -> list[BlockerCode]:
    return [blocker.code for blocker in find_blockers(observed(changes), policy)]


def test_nothing_stands_against_wiping_a_tablet_in_good_order() -> None:
    assert codes({}) == []


@pytest.mark.parametrize(("code", "changes"), CASES)
def test_each_reason_blocks_by_itself_and_tells_what_why_and_what_next(
    code: BlockerCode, changes: Mapping[Fact[Any], object]
) -> None:
    (blocker,) = find_blockers(observed(changes))
    assert blocker.code is code
    for sentence in (blocker.what, blocker.why, blocker.next):
        assert not sentence[0].islower()
        assert sentence.endswith(".")


@pytest.mark.parametrize("fact", SAFETY_FACTS, ids=lambda fact: fact.name)
def test_a_safety_fact_that_cannot_be_read_blocks(fact: Fact[Any]) -> None:
    assert codes({fact: None}) == [BlockerCode(f"unreadable_{fact.name}")]


@pytest.mark.parametrize(
    "changes",
    [
        {ACCOUNTS: Accounts({0: {"com.google.android.apps.tachyon": 1, "com.whatsapp": 1}})},
        {KNOX_GUARD: KnoxGuard("Completed", None)},
        {KNOX_GUARD: KnoxGuard("Prenormal", warranty_void=True)},
        {BOOT_INTEGRITY: BootIntegrity(None, None, None, None, None)},
        {BATTERY: replace(SOUND_BATTERY, level_percent=20, status=ChargeStatus.CHARGING)},
        {BATTERY: replace(SOUND_BATTERY, level_percent=40)},
        {BATTERY: replace(SOUND_BATTERY, health=BatteryHealth.COLD)},
        {SECURITY_PATCH: SecurityPatch(date(2022, 12, 1))},
        {TRADE_IN: None},
        {TRADE_IN: TradeIn(TradeInMode.EVALUATION, REPORT)},
        {OWNERSHIP: Ownership(None, (ProfileOwner(10, "com.example.work"),))},
    ],
)
def test_what_is_harmless_does_not_block(changes: Mapping[Fact[Any], object]) -> None:
    assert codes(changes) == []


def test_our_own_management_does_not_block() -> None:
    ours = WipePolicy(our_owners=frozenset({"org.example.ours"}))
    assert codes({OWNERSHIP: Ownership("org.example.ours", ())}, ours) == []
    assert codes({OWNERSHIP: Ownership("com.example.mdm", ())}, ours) == [BlockerCode.MANAGED]


@pytest.mark.parametrize(("code", "changes"), CASES)
def test_a_waiver_works_only_where_one_is_allowed(code: BlockerCode, changes: Mapping[Fact[Any], object]) -> None:
    left = codes(changes, WipePolicy(waived=frozenset({code})))
    assert left == ([] if code in WAIVABLE else [code])


def test_every_code_can_be_reached() -> None:
    reached = {code for code, _ in CASES} | {BlockerCode(f"unreadable_{fact.name}") for fact in SAFETY_FACTS}
    assert reached == set(BlockerCode)
