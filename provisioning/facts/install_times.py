"""When each app was first installed, as the tablet's package manager remembers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown

_LINE = re.compile(r"^\s+(?:Package \[(?P<name>[^\]\s]+)\]|firstInstallTime=(?P<time>.+))")


@dataclass(frozen=True)
class InstallTimes:
    """First install by package, in the tablet's own local time and words; preloads carry the time of their image."""

    first: Mapping[str, str]


def parse_install_times(text: str) -> InstallTimes:
    """The first time in each package's block; under “Hidden system packages” a second block tells of the image's."""
    times: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        found = _LINE.match(line)
        if found is None:
            continue
        if found["name"]:
            name = found["name"]
        elif name:
            times.setdefault(name, found["time"].strip())
    if not times:
        refuse_errors(text)
        raise ValueError(f"dumpsys printed {shown(text)}")
    return InstallTimes(times)


# The dump of all packages is some megabytes long, so the tablet itself picks the two kinds of line that matter.
INSTALL_TIMES = Fact(
    "install_times",
    Command("sh -c", Quoted("dumpsys package packages|grep -e 'Package \\[' -e firstInstallTime=")),
    InstallTimes,
    parse_install_times,
)
