"""`wm`: the size and density of the screen, real and overridden."""

from __future__ import annotations

import re

from provisioning.virtual.shell.call import Call, CommandError, Commands

LOWEST_DENSITY = 72


def wm(call: Call) -> int:
    verb, value = (*call.arguments, "", "")[:2]
    if verb == "size":
        return _size(call, value)
    if verb == "density":
        return _density(call, value)
    if verb == "dismiss-keyguard":
        return 0
    raise CommandError(f"Unknown command: {verb}", 255)


def _size(call: Call, value: str) -> int:
    model = call.tablet.personality
    if not value:
        call.line(f"Physical size: {model.width}x{model.height}")
        if call.tablet.content.override_size:
            call.line(f"Override size: {call.tablet.content.override_size}")
        return 0
    if value != "reset" and not re.fullmatch(r"\d+x\d+", value):
        raise CommandError(f"Error: bad size {value}", 255)
    with call.tablet.changing() as state:
        state.content.override_size = "" if value == "reset" else value
    return 0


def _density(call: Call, value: str) -> int:
    if not value:
        call.line(f"Physical density: {call.tablet.personality.density}")
        if call.tablet.content.override_density:
            call.line(f"Override density: {call.tablet.content.override_density}")
        return 0
    if value != "reset" and not value.isdigit():
        raise CommandError(f"Error: bad number {value}", 255)
    if value != "reset" and int(value) < LOWEST_DENSITY:
        raise CommandError("Error: density must be >= 72", 255)
    with call.tablet.changing() as state:
        state.content.override_density = 0 if value == "reset" else int(value)
        if value == "reset":
            state.content.settings["secure"].pop("display_density_forced", None)
        else:
            state.content.settings["secure"]["display_density_forced"] = value
    return 0


DISPLAY: Commands = {"wm": wm}
