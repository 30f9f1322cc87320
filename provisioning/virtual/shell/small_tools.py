"""Android's small command-line tools: svc, input, ime, logcat, reboot."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call, CommandError, Commands, Hung
from provisioning.virtual.wiping import restart

_STAY_ON = {"true": 7, "false": 0, "ac": 1, "usb": 2, "wireless": 4}


def _svc(call: Call) -> int:
    service, verb, value = (*call.arguments, "", "", "")[:3]
    if service == "power" and verb == "stayon" and value in _STAY_ON:
        everything = 15 if value == "true" and call.sdk >= 33 else _STAY_ON[value]
        _put(call, "stay_on_while_plugged_in", str(everything))
    elif service == "power" and verb == "reboot":
        return _reboot(call)
    elif service in {"wifi", "bluetooth", "data"} and verb in {"enable", "disable"}:
        key = {"wifi": "wifi_on", "bluetooth": "bluetooth_on", "data": "mobile_data"}[service]
        _put(call, key, str(int(verb == "enable")))
    else:
        raise CommandError(
            "Available commands:\n    help\n    power\n    data\n    wifi\n    usb\n    nfc\n    bluetooth", 0
        )
    return 0


def _put(call: Call, key: str, value: str) -> None:
    with call.tablet.changing() as state:
        state.content.settings["global"][key] = value


def _input(call: Call) -> int:
    """Keys and taps reach nobody, except HOME: the screens here are worked by `person`."""
    if "KEYCODE_HOME" in call.arguments or call.arguments == ("keyevent", "3"):
        call.tablet.press_home()
    return 0


def _ime(call: Call) -> int:
    verb, name = (*call.arguments, "", "")[:2]
    if verb == "list":
        call.line(call.tablet.setting("secure", "default_input_method") or "")
        return 0
    if name.partition("/")[0] not in call.tablet.content.packages:
        call.error(f"Unknown input method {name} cannot be {verb}ed for user #0")
        return 0
    if verb == "set":
        with call.tablet.changing() as state:
            state.content.settings["secure"]["default_input_method"] = name
    call.line(
        f"Input method {name} selected for user #0"
        if verb == "set"
        else f"Input method {name}: now enabled for user #0"
    )
    return 0


def _reboot(call: Call) -> int:
    call.tablet.wire.add("reboot", target=" ".join(call.arguments))
    restart(call.tablet)
    raise Hung


def _uptime(call: Call) -> int:
    call.line(" 10:00:00 up 0 min,  0 users,  load average: 0.00, 0.00, 0.00")
    return 0


def _logcat(call: Call) -> int:
    call.line("--------- beginning of main")
    return 0


SMALL_TOOLS: Commands = {
    "svc": _svc,
    "input": _input,
    "ime": _ime,
    "reboot": _reboot,
    "uptime": _uptime,
    "logcat": _logcat,
}
