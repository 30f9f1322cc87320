"""How loud one kind of sound is, and in which range that tablet counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, shown


class Stream(StrEnum):
    """Kinds of sound, by what they are for."""

    CALL = "call"
    SYSTEM = "system"
    RING = "ring"
    MEDIA = "media"
    ALARM = "alarm"
    NOTIFICATION = "notification"
    SPOKEN = "spoken"

    @property
    def number(self) -> str:
        """Android's number for it (AudioManager.STREAM_*)."""
        return _NUMBERS[self]


_NUMBERS = {
    Stream.CALL: "0",
    Stream.SYSTEM: "1",
    Stream.RING: "2",
    Stream.MEDIA: "3",
    Stream.ALARM: "4",
    Stream.NOTIFICATION: "5",
    Stream.SPOKEN: "10",
}


class VolumeTool(StrEnum):
    """The command that answered: `cmd media_session` on Androids that have it, else the older `media`."""

    SERVICE = "cmd media_session"
    PROGRAM = "media"
    NONE = ""


@dataclass(frozen=True)
class Volume:
    """`level` lies within `least` and `most`; all are 0 where the tablet has no command for it."""

    tool: VolumeTool
    level: int
    least: int
    most: int


_ABSENT = Volume(VolumeTool.NONE, 0, 0, 0)
_ANSWER = re.compile(r"volume is (\d+) in range \[(\d+)\.\.(\d+)\]")
# What the shell and `cmd` say of something that is not there.
_MISSING = re.compile(r"not found|Can't find service|inaccessible|Unknown command", re.IGNORECASE)


@lru_cache(maxsize=16)
def volume(stream: Stream) -> Fact[Volume]:
    """The fact about one stream, named ``volume/<stream>``."""
    get = f"volume --stream {stream.number} --get"
    # Where a service has no commands, `cmd` says so and ends with 0: only the words of an answer count.
    line = (
        f"cmd media_session {get}|grep 'volume is'&&echo tool=service||"
        f"{{ media {get}|grep 'volume is'&&echo tool=program||echo tool=none; }}"
    )
    return Fact(f"volume/{stream.value}", Command("sh -c", Quoted(line)), Volume, parse_volume)


def parse_volume(text: str) -> Volume:
    """The last answer counts: where both commands were asked, the first had none."""
    tool = re.search(r"^tool=(\w+)\s*$", text, re.MULTILINE)
    found = _ANSWER.findall(text)
    if tool is None:
        raise ValueError(f"the volume commands printed {shown(text)}")
    if found and tool.group(1) != "none":
        level, least, most = (int(number) for number in found[-1])
        by = VolumeTool.SERVICE if tool.group(1) == "service" else VolumeTool.PROGRAM
        return Volume(by, level, least, most)
    if _MISSING.search(text):
        return _ABSENT
    raise ValueError(f"the volume commands printed {shown(text)}")
