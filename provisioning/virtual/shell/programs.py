"""Every program on the tablet, by name: the one place that knows which families of commands there are."""

from __future__ import annotations

from provisioning.virtual.shell.basics import BASICS
from provisioning.virtual.shell.call import Commands, Handler
from provisioning.virtual.shell.file_commands import FILE_COMMANDS
from provisioning.virtual.shell.properties import PROPERTIES

PROGRAMS: Commands = {**BASICS, **FILE_COMMANDS, **PROPERTIES}


def find_program(name: str) -> Handler | None:
    """What runs under this name, with or without its folder."""
    for folder in ("/system/bin/", "/vendor/bin/"):
        name = name.removeprefix(folder)
    return PROGRAMS.get(name)
