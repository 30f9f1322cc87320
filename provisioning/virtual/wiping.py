"""The factory reset itself. A kill in the middle leaves the tablet either before it or after it."""

from __future__ import annotations

import shutil
from enum import StrEnum

from provisioning.virtual.factory import fresh_content, write_system_files
from provisioning.virtual.faults import Fault
from provisioning.virtual.files import FileTree
from provisioning.virtual.state import Content
from provisioning.virtual.store import generation_folder
from provisioning.virtual.tablet import VirtualTablet

FRP_ACCOUNT_TYPES = ("com.google",)


class WipeRoute(StrEnum):
    """How a reset was brought about. Settings and a device owner also clear what reset protection remembers."""

    SETTINGS = "settings"
    TEST_HARNESS = "test_harness"
    RECOVERY = "recovery"
    DEVICE_OWNER = "device_owner"
    TRADE_IN = "trade_in"


_CLEARS_PROTECTION = frozenset({WipeRoute.SETTINGS, WipeRoute.DEVICE_OWNER})


def restart(tablet: VirtualTablet) -> None:
    """Start the tablet anew; one that was being evaluated for trade-in is reset by its own start."""
    if tablet.state.body.erases_at_start:
        wipe(tablet, WipeRoute.TRADE_IN)
    else:
        tablet.reboot()


def wipe(tablet: VirtualTablet, route: WipeRoute) -> None:
    """Erase everything a person left, and restart.

    The moment of the wipe is the atomic replacement of the state file; storage of the earlier life is
    unreachable from then on, and deleted here or at the next opening.
    """
    if tablet.faults.strikes(Fault.WIPE_LIES):
        with tablet.changing() as state:
            state.body.erases_at_start = False
            tablet.reboot()
        return
    earlier = tablet.content
    fresh = fresh_content(tablet.personality, generation=earlier.generation + 1)
    if route is WipeRoute.TEST_HARNESS:
        _prepare_for_test_harness(fresh, earlier, tablet.personality.sdk)
    files = FileTree(tablet.directory / generation_folder(fresh.generation))
    files.make()
    write_system_files(files, tablet.personality)
    with tablet.changing() as state:
        state.body.frp_account = _remembered_account(earlier, route, state.body.frp_account)
        if state.body.frp_account and route is not WipeRoute.TEST_HARNESS:
            table = "global" if tablet.personality.sdk >= 34 else "secure"
            fresh.settings[table]["secure_frp_mode"] = "1"
        state.content = fresh
        state.body.erases_at_start = False
        tablet.reboot()
    tablet.wire.add("wipe", route=route.value, android_id=fresh.android_id)
    shutil.rmtree(tablet.directory / generation_folder(earlier.generation), ignore_errors=True)


def _remembered_account(earlier: Content, route: WipeRoute, before: str) -> str:
    """What reset protection knows outlives every reset but Settings' own and an owner's that asks for it (AOSP)."""
    if route in _CLEARS_PROTECTION:
        return ""
    types = [account.type for account in earlier.accounts if account.type in FRP_ACCOUNT_TYPES]
    return types[0] if types else before


def _prepare_for_test_harness(fresh: Content, earlier: Content, sdk: int) -> None:
    """What TestHarnessModeService sets up after the restart (read in AOSP API 29 to 34)."""
    fresh.trusted_keys = list(earlier.trusted_keys)
    fresh.properties["persist.sys.test_harness"] = "1"
    fresh.settings["global"] |= {
        "device_provisioned": "1",
        "adb_enabled": "1",
        "development_settings_enabled": "1",
        "adb_allowed_connection_time": "0",
        "stay_on_while_plugged_in": "15" if sdk >= 33 else "7",
        "ota_disable_automatic_update": "1",
        ("package_verifier_enable" if sdk == 29 else "verifier_verify_adb_installs"): "0",
    }
    fresh.settings["secure"] |= {"user_setup_complete": "1"}
