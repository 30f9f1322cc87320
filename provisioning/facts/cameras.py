"""Which cameras the camera service has found, which may be fewer than the hardware's list of features claims."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown

_COUNT = re.compile(r"^\s*Number of camera devices: (\d+)", re.MULTILINE)
_FACING = re.compile(r"^\s*Facing: (Back|Front|External)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Cameras:
    """How many answer, and where those point that say so: ``back``, ``front`` or ``external``, each once."""

    count: int
    facing: tuple[str, ...]


def parse_cameras(text: str) -> Cameras:
    count = _COUNT.search(text)
    if count is None:
        refuse_errors(text)
        raise ValueError(f"the camera service printed {shown(text)}")
    return Cameras(int(count.group(1)), tuple(sorted({facing.lower() for facing in _FACING.findall(text)})))


# The whole dump describes every mode of every sensor, some hundred kilobytes; the tablet picks out the lines we read.
CAMERAS = Fact(
    "cameras",
    Command("sh -c", Quoted('dumpsys media.camera|grep -E "camera devices|Facing:|find service|Permission|DUMP"')),
    Cameras,
    parse_cameras,
)
