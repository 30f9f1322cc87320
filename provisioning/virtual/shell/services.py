"""The smaller system services behind `cmd`: test harness, night mode, roles, app operations, time zone, Wi-Fi."""

from __future__ import annotations

import zoneinfo

from provisioning.virtual.shell.call import Call, CommandError, Handler, JavaError
from provisioning.virtual.shell.package.intents import choose_home
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


def _wifi(call: Call) -> int:
    """Connecting is root's alone on Android 13 and 14, and the command is not there before 11."""
    verb = (*call.arguments, "")[0]
    on = call.tablet.setting("global", "wifi_on") == "1"
    if verb == "status":
        call.line("Wifi is enabled\nWifi scanning is only available when wifi is enabled" if on else "Wifi is disabled")
        call.line("Wifi is not connected")
        return 0
    if verb == "list-networks":
        return _list_networks(call)
    if verb == "set-wifi-enabled":
        with call.tablet.changing() as state:
            state.content.settings["global"]["wifi_on"] = str(int(call.arguments[-1] == "enabled"))
        return 0
    if verb == "forget-network":
        return _forget_network(call)
    if verb in {"connect-network", "add-network"}:
        return _add_network(call, verb)
    raise CommandError(f"Unknown command: {verb}", 255)


def _add_network(call: Call, verb: str) -> int:
    if call.sdk in {33, 34}:
        text = f"Uid 2000 does not have access to {verb} wifi command (or such command doesn't exist)"
        raise JavaError(f"java.lang.SecurityException: {text}")
    name, security = (*call.arguments[1:], "", "open")[:2]
    with call.tablet.changing() as state:
        state.content.networks = [*(one for one in state.content.networks if one[0] != name), [name, security]]
    call.line("Connection initiated " if verb == "connect-network" else "Save successful")
    return 0


def _list_networks(call: Call) -> int:
    networks = call.tablet.content.networks
    if not networks:
        call.line("No networks")
        return 0
    call.line("Network Id      SSID                         Security type")
    call.out("".join(f"{at:<16}{name:<29}{security}\n" for at, (name, security) in enumerate(networks)))
    return 0


def _forget_network(call: Call) -> int:
    number = int((*call.arguments, "-1")[1])
    if not 0 <= number < len(call.tablet.content.networks):
        call.line("Forget failed")
        return 0
    with call.tablet.changing() as state:
        del state.content.networks[number]
    call.line("Forget successful")
    return 0


def _locale(call: Call) -> int:
    verb, name = (*call.arguments, "", "")[:2]
    if verb == "get-app-locales":
        call.line(f"Locales for {name} for user 0 are []")
        return 0
    raise CommandError(f"Unknown command: {verb}", 255)


def _quiet(_: Call) -> int:
    return 0


SERVICES: dict[str, tuple[int, Handler]] = {
    "alarm": (28, _alarm),
    "appops": (24, _appops),
    "locale": (33, _locale),
    "notification": (24, _quiet),
    "overlay": (26, _quiet),
    "role": (29, _role),
    "statusbar": (24, _quiet),
    "testharness": (29, _test_harness),
    "uimode": (28, _uimode),
    "wifi": (30, _wifi),
}
