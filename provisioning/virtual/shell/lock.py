"""`locksettings`: the PIN, and the swipe before the home screen."""

from __future__ import annotations

from provisioning.virtual.shell.call import Call, Commands


def _locksettings(call: Call) -> int:
    verb = (*call.arguments, "")[0]
    pin = call.tablet.content.lock_pin
    old = call.arguments[call.arguments.index("--old") + 1] if "--old" in call.arguments else ""
    if verb == "get-disabled":
        call.line(str(call.tablet.content.lock_screen_off and not pin).lower())
        return 0
    if pin and old != pin:
        call.line(f"Old password '{old}' didn't match" if old else "Old password not provided but required")
        return 0 if call.sdk < 28 else 255
    if verb == "verify":
        call.line("Lock credential verified successfully")
    elif verb == "set-disabled":
        _set_disabled(call)
    elif verb in {"set-pin", "clear"}:
        chosen = call.arguments[-1] if verb == "set-pin" else ""
        with call.tablet.changing() as state:
            state.content.lock_pin = chosen
        call.line(f"Pin set to '{chosen}'" if chosen else "Lock credential cleared")
    return 0


def _set_disabled(call: Call) -> None:
    off = call.arguments[-1] == "true"
    with call.tablet.changing() as state:
        state.content.lock_screen_off = off
    call.line(f"Lock screen disabled set to {str(off).lower()}")


LOCK: Commands = {"locksettings": _locksettings}
