"""`cmd wifi`: what the adb shell may know of networks and, on some Androids, do with them."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call, CommandError, JavaError

_FOR_ROOT_ALONE = frozenset({33, 34})
"""Android 13 and 14 let only root add a network (android.md 5.13); 11, 12 and 15 on let the shell."""
_ANYBODY = "  list-networks\n  status\n  set-wifi-enabled enabled|disabled\n  forget-network <networkId>\n"
_ADDING = "  connect-network <ssid> open|owe|wpa2|wpa3 [<passphrase>]\n  add-network <ssid> open|owe|wpa2|wpa3\n"


def wifi_service(call: Call) -> int:
    verbs = {
        "help": _help,
        "status": _status,
        "list-networks": _list,
        "set-wifi-enabled": _switch,
        "forget-network": _forget,
        "connect-network": _add,
        "add-network": _add,
    }
    verb = (*call.arguments, "")[0]
    if verb not in verbs:
        raise CommandError(f"Unknown command: {verb}", 255)
    return verbs[verb](call)


def _help(call: Call) -> int:
    call.out("Wi-Fi (wifi) commands:\n  help or -h\n    Print this help text.\n" + _ANYBODY)
    call.out("" if call.sdk in _FOR_ROOT_ALONE else _ADDING)
    return 0


def _status(call: Call) -> int:
    if call.tablet.setting("global", "wifi_on") != "1":
        call.line("Wifi is disabled\nWifi scanning is only available when wifi is enabled")
        return 0
    name = call.tablet.content.wifi_in_use
    call.line("Wifi is enabled\nWifi scanning is only available when wifi is enabled")
    call.line(f'Wifi is connected to "{name}"' if name else "Wifi is not connected")
    return 0


def _list(call: Call) -> int:
    networks = call.tablet.content.networks
    if not networks:
        call.line("No networks")
        return 0
    call.line("Network Id      SSID                         Security type")
    call.out("".join(f"{at:<16}{name:<29}{security}\n" for at, (name, security) in enumerate(networks)))
    return 0


def _switch(call: Call) -> int:
    with call.tablet.changing() as state:
        state.content.settings["global"]["wifi_on"] = str(int(call.arguments[-1] == "enabled"))
    return 0


def _forget(call: Call) -> int:
    number = int((*call.arguments, "-1")[1])
    if not 0 <= number < len(call.tablet.content.networks):
        call.line("Forget failed")
        return 0
    with call.tablet.changing() as state:
        name, _ = state.content.networks.pop(number)
        if state.content.wifi_in_use == name:
            state.content.wifi_in_use = ""
    call.line("Forget successful")
    return 0


def _add(call: Call) -> int:
    verb = call.arguments[0]
    if call.sdk in _FOR_ROOT_ALONE:
        text = f"Uid 2000 does not have access to {verb} wifi command (or such command doesn't exist)"
        raise JavaError(f"java.lang.SecurityException: {text}")
    name, security = (*call.arguments[1:], "", "open")[:2]
    with call.tablet.changing() as state:
        others = [one for one in state.content.networks if one[0] != name]
        state.content.networks = [*others, [name, "open" if security == "open" else f"{security}-psk"]]
        if verb == "connect-network":
            state.content.wifi_in_use = name
    call.line("Connection initiated " if verb == "connect-network" else "Save successful")
    return 0
