"""Observations of a made-up tablet in good order, for tests that change one thing about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from provisioning.facts.accounts import ACCOUNTS, Accounts
from provisioning.facts.battery import BATTERY, Battery, BatteryHealth, ChargeStatus
from provisioning.facts.display import DISPLAY, Display
from provisioning.facts.fact import Fact
from provisioning.facts.home import HOME, NIGHT, HomeApp, NightMode
from provisioning.facts.identity import ANDROID_ID, IDENTITY, AndroidId, Identity
from provisioning.facts.observation import Observation, Unreadable
from provisioning.facts.owner import OWNERSHIP, Ownership
from provisioning.facts.package_details import AppDetails, AppLookup, app_details
from provisioning.facts.packages import ENABLED_PACKAGES, PackageNames
from provisioning.facts.properties import PROPERTIES, Properties
from provisioning.facts.security import BOOT_INTEGRITY, ENCRYPTION, KNOX_GUARD, BootIntegrity, Encryption, KnoxGuard
from provisioning.facts.settings import SETTINGS_GLOBAL, SETTINGS_SECURE, SETTINGS_SYSTEM, SettingsTable
from provisioning.facts.setup import RESET_PROTECTION, SETUP, ResetProtection, SetupState
from provisioning.facts.software import SECURITY_PATCH, SecurityPatch
from provisioning.facts.trade_in import TRADE_IN, TradeIn
from provisioning.facts.users import USERS, AndroidUser, AndroidUsers

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

SOUND_IDENTITY = Identity(
    manufacturer="Example",
    brand="example",
    model="Sample Tab 10",
    device="sample10",
    serial="SAMPLE0001",
    fingerprint="example/sample10/sample10:13/TP1A/1:user/release-keys",
    release="13",
    sdk=33,
    security_patch="2026-05-05",
    abis=("arm64-v8a",),
    is_tablet=True,
)
SOUND_BATTERY = Battery(
    level_percent=80,
    status=ChargeStatus.DISCHARGING,
    health=BatteryHealth.GOOD,
    present=True,
    source=None,
    temperature_c=25.0,
    voltage_mv=4000,
    technology="Li-ion",
    faked=False,
    state_of_health_percent=None,
    cycles=None,
    charge_limit_percent=None,
)

_SOUND: Mapping[Fact[Any], object] = {
    PROPERTIES: Properties({"ro.adb.secure": "1"}),
    IDENTITY: SOUND_IDENTITY,
    ANDROID_ID: AndroidId("9f3c0b1a2d4e5f60"),
    BATTERY: SOUND_BATTERY,
    DISPLAY: Display(1200, 1920, 240, None, None, None),
    ENABLED_PACKAGES: PackageNames(("android", "com.android.settings", "com.example.preload")),
    SETTINGS_SYSTEM: SettingsTable({"font_scale": "1.0", "screen_off_timeout": "60000"}),
    SETTINGS_SECURE: SettingsTable({"default_input_method": "com.example.keyboard/.Ime"}),
    SETTINGS_GLOBAL: SettingsTable({"auto_time": "1", "stay_on_while_plugged_in": "0"}),
    ACCOUNTS: Accounts({0: {}}),
    USERS: AndroidUsers((AndroidUser(0, work_profile=False),)),
    OWNERSHIP: Ownership(None, ()),
    SETUP: SetupState(device_provisioned=True, user_setup_complete=True),
    RESET_PROTECTION: ResetProtection(active=False),
    ENCRYPTION: Encryption(encrypted=True, kind="file"),
    BOOT_INTEGRITY: BootIntegrity(True, "green", "user", "release-keys", debuggable=False),
    KNOX_GUARD: KnoxGuard(None, None),
    SECURITY_PATCH: SecurityPatch(date(2026, 5, 5)),
    TRADE_IN: TradeIn(None, None),
    HOME: HomeApp("com.android.launcher3/.Launcher"),
    NIGHT: NightMode("no"),
}


def observed(changes: Mapping[Fact[Any], object] | None = None) -> Observation:
    """The tablet in good order, with some facts replaced; `None` as a value makes a fact unreadable."""
    facts = {**_SOUND, **(changes or {})}
    return Observation(
        NOON,
        {fact.name: Unreadable("the test says so") if value is None else value for fact, value in facts.items()},
    )


def installed(package: str, **details: Any) -> dict[Fact[Any], object]:
    """A change that puts an app on the tablet."""
    given: dict[str, Any] = {
        "version_code": 1,
        "version_name": "1.0",
        "enabled": True,
        "signer": "a1b2c3d4",
        "requested": (),
        "permissions": {},
        "first_installed": None,
    }
    return {app_details(package): AppLookup(AppDetails(**{**given, **details}))}


def absent(package: str) -> dict[Fact[Any], object]:
    """A change that says plainly that an app is not on the tablet."""
    return {app_details(package): AppLookup(None)}


def on_android(sdk: int, manufacturer: str = "Example") -> dict[Fact[Any], object]:
    """A change of the Android version and, where it matters, of the maker."""
    return {IDENTITY: replace(SOUND_IDENTITY, sdk=sdk, manufacturer=manufacturer)}
