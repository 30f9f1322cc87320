"""How much room the tablet's data partition has: `dumpsys diskstats`, with `df` where that says nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, refuse_errors, shown

_DISKSTATS = re.compile(r"^Data-Free: (\d+)K / (\d+)K total", re.MULTILINE)
_WRITE_SPEED = re.compile(r"^Recent Disk Write Speed \(kB/s\) = ([1-9]\d*)", re.MULTILINE)
_TOOLBOX_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


@dataclass(frozen=True)
class Storage:
    """Bytes of /data. `file_based_encryption` is None where only `df` answered, which cannot tell.

    `write_kb_per_second` is Android's own recent measurement; None before Android 10 and where nothing was written.
    """

    total_bytes: int
    free_bytes: int
    file_based_encryption: bool | None
    write_kb_per_second: int | None = None


def parse_storage(text: str) -> Storage:
    match = _DISKSTATS.search(text)
    if match:
        free, total = (int(kibibytes) * 1024 for kibibytes in match.groups())
        speed = _WRITE_SPEED.search(text)
        return Storage(total, free, "File-based Encryption: true" in text, int(speed.group(1)) if speed else None)
    for line in reversed(text.splitlines()):
        sizes = _toolbox(line) if "Blksize" in text else _toybox(line)
        if sizes:
            return Storage(*sizes, None)
    refuse_errors(text)
    raise ValueError(f"neither diskstats nor df told a size: {shown(text)}")


def _toybox(line: str) -> tuple[int, int] | None:
    """``/dev/block/dm-1  56368440 32053608 24167376  58% /data``, in KiB."""
    words = line.split()
    if len(words) != 6 or not (words[1].isdigit() and words[3].isdigit()):
        return None
    return int(words[1]) * 1024, int(words[3]) * 1024


def _toolbox(line: str) -> tuple[int, int] | None:
    """``/data 10.3G 4.1G 6.2G 4096``, as Android 5 printed it."""
    words = line.split()
    if len(words) != 5 or not words[0].startswith("/"):
        return None
    total, free = _toolbox_size(words[1]), _toolbox_size(words[3])
    return None if total is None or free is None else (total, free)


def _toolbox_size(word: str) -> int | None:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([KMGT]?)", word)
    return round(float(match.group(1)) * _TOOLBOX_UNITS[match.group(2)]) if match else None


STORAGE = Fact(
    "storage",
    Command("sh -c", Quoted('dumpsys diskstats|grep -vE "^(Package|App|Cache)";df -k /data||df /data')),
    Storage,
    parse_storage,
    frozenset({0, 1}),
)
