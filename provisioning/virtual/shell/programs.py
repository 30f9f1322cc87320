"""Every program on the tablet, by name: the one place that knows which families of commands there are."""

from __future__ import annotations

from provisioning.virtual.shell.activity import ACTIVITY
from provisioning.virtual.shell.basics import BASICS
from provisioning.virtual.shell.call import Call, Commands, Handler
from provisioning.virtual.shell.cmd import CMD
from provisioning.virtual.shell.display import DISPLAY
from provisioning.virtual.shell.dumpsys import DUMPSYS
from provisioning.virtual.shell.file_commands import FILE_COMMANDS
from provisioning.virtual.shell.lock import LOCK
from provisioning.virtual.shell.owners import OWNERS
from provisioning.virtual.shell.package import pm
from provisioning.virtual.shell.properties import PROPERTIES
from provisioning.virtual.shell.settings import SETTINGS
from provisioning.virtual.shell.small_tools import SMALL_TOOLS
from provisioning.virtual.shell.sound import SOUND
from provisioning.virtual.shell.trade_in import TRADE_IN

PROGRAMS: Commands = {
    **ACTIVITY,
    **BASICS,
    **CMD,
    **DISPLAY,
    **DUMPSYS,
    **FILE_COMMANDS,
    **LOCK,
    **OWNERS,
    **PROPERTIES,
    **SETTINGS,
    **SMALL_TOOLS,
    **SOUND,
    **TRADE_IN,
    "pm": pm,
    "which": lambda call: _which(call),
}
_FOLDERS = ("/system/bin/", "/vendor/bin/")


def _which(call: Call) -> int:
    found = [name for name in call.arguments if name in PROGRAMS]
    call.out("".join(f"/system/bin/{name}\n" for name in found))
    return int(len(found) < len(call.arguments))


def find_program(name: str) -> Handler | None:
    """What runs under this name, with or without its folder."""
    for folder in _FOLDERS:
        name = name.removeprefix(folder)
    return PROGRAMS.get(name)
