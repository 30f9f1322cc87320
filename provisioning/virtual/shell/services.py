"""The smaller system services behind `cmd`: test harness, night mode, roles, app operations, time zone, buttons."""

from __future__ import annotations

import zoneinfo

from provisioning.virtual.shell.call import Call, CommandError, Handler
from provisioning.virtual.shell.languages import locale_service
from provisioning.virtual.shell.package.intents import choose_home
from provisioning.virtual.shell.sound import media_session
from provisioning.virtual.shell.wifi import wifi_service
from provisioning.virtual.wiping import WipeRoute, wipe

_HOME_ROLE = "android.app.role.HOME"


def _test_harness(call: Call) -> int:
    """Read in AOSP API 29 to 34: silent and 0 on success, and then the link drops."""
    verb = (*call.arguments, "")[0]
    if verb not in {"enable", "restore"}:
        call.line("Test Harness Mode Service commands:\n  help\n    Print this help text.\n  enable|restore")
        return 0
    if call.tablet.content.lock_pin:
        raise CommandError("Test Harness Mode cannot be enabled if there is a lock screen", 2)
    if not call.tablet.personality.persistent_data_block:
        raise CommandError("Failed to enable Test Harness Mode", 1)
    if call.sdk == 29 and not call.tablet.content.trusted_keys:
        raise CommandError("No ADB keys stored; not enabling test harness mode", 1)
    wipe(call.tablet, WipeRoute.TEST_HARNESS)
    return 0


def _uimode(call: Call) -> int:
    verb, value = (*call.arguments, "", "")[:2]
    if verb != "night":
        raise CommandError(f"Unknown command: {verb}", 255)
    allowed = {"yes", "no", "auto"} | ({"custom_schedule", "custom_bedtime"} if call.sdk >= 33 else set())
    if value and value not in allowed:
        listed = "'yes', 'no', or 'auto'" if call.sdk < 30 else "'yes', 'no', or 'auto', or 'custom'"
        raise CommandError(f"Error: mode must be {listed}", 255)
    if value:
        with call.tablet.changing() as state:
            state.content.night_mode = value
            state.content.settings["secure"]["ui_night_mode"] = {"yes": "2", "no": "1", "auto": "0"}.get(value, "3")
    call.line(f"Night mode: {call.tablet.content.night_mode}")
    return 0


def _role(call: Call) -> int:
    verb, *rest = (*call.arguments, "")
    words = [word for word in rest if word]
    if words[:1] == ["--user"]:
        words = words[2:]
    role, name = (*words, "", "")[:2]
    if verb == "get-role-holders" and call.sdk >= 31:
        call.out("".join(f"{one}\n" for one in call.tablet.content.roles.get(role, _default_holders(call, role))))
        return 0
    if verb not in {"add-role-holder", "remove-role-holder", "clear-role-holders"}:
        raise CommandError(f"Unknown command: {verb}", 255)
    if verb == "add-role-holder" and role == _HOME_ROLE:
        if not choose_home(call, name):
            raise CommandError("Error: see logcat for details.", 1)
        return 0
    if verb == "add-role-holder" and name not in call.tablet.content.packages:
        raise CommandError("Error: see logcat for details.", 1)
    with call.tablet.changing() as state:
        state.content.roles[role] = [name] if verb == "add-role-holder" else []
    return 0


def _default_holders(call: Call, role: str) -> list[str]:
    home = call.tablet.content.home
    return [home.partition("/")[0]] if role == _HOME_ROLE and home else []


def _appops(call: Call) -> int:
    words = [word for at, word in enumerate(call.arguments) if "--user" not in call.arguments[max(0, at - 1) : at + 1]]
    verb, name, operation, mode = (*words, "", "", "", "")[:4]
    if name not in call.tablet.content.packages:
        raise CommandError(f"Error: No UID for {name} in user 0", 255)
    if verb == "set":
        with call.tablet.changing() as state:
            state.content.appops.setdefault(name, {})[operation] = mode
        return 0
    found = call.tablet.content.appops.get(name, {}).get(operation)
    call.line("No operations." if found is None else f"{operation}: {found}")
    return 0


def _alarm(call: Call) -> int:
    verb, value = (*call.arguments, "", "")[:2]
    if verb != "set-timezone":
        raise CommandError(f"Unknown command: {verb}", 255)
    if value not in zoneinfo.available_timezones():
        return 0  # AlarmManagerService ignores a zone it does not know
    with call.tablet.changing() as state:
        state.content.properties["persist.sys.timezone"] = value
    return 0


def _notification(call: Call) -> int:
    """`set_dnd` came with Android 11; the setting is a mirror that only Android writes."""
    verb, mode = (*call.arguments, "", "")[:2]
    zen = {"off": "0", "all": "0", "on": "1", "priority": "1", "none": "2", "alarms": "3"}
    if verb == "set_dnd" and call.sdk >= 30 and mode in zen:
        with call.tablet.changing() as state:
            state.content.settings["global"]["zen_mode"] = zen[mode]
        return 0
    if verb == "set_dnd":
        raise CommandError(f"Unknown command: {verb}", 255)
    return 0


def _overlay(call: Call) -> int:
    """The buttons at the bottom are chosen by the one overlay of their category that is on."""
    modes = {"threebutton": "0", "twobutton": "1", "gestural": "2"}
    name = call.arguments[-1]
    if name not in call.tablet.content.packages:
        return 1
    kind = name.removeprefix("com.android.internal.systemui.navbar.")
    if call.arguments[0] == "enable-exclusive" and kind in modes:
        with call.tablet.changing() as state:
            state.content.settings["secure"]["navigation_mode"] = modes[kind]
    return 0


def _quiet(_: Call) -> int:
    return 0


SERVICES: dict[str, tuple[int, Handler]] = {
    "alarm": (28, _alarm),
    "appops": (24, _appops),
    "locale": (33, locale_service),
    "media_session": (30, media_session),
    "notification": (24, _notification),
    "overlay": (26, _overlay),
    "role": (29, _role),
    "statusbar": (24, _quiet),
    "testharness": (29, _test_harness),
    "uimode": (28, _uimode),
    "wifi": (30, wifi_service),
}
