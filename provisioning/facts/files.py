"""What a file on the tablet holds, by its SHA-256."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, shown


@dataclass(frozen=True)
class FileOnTablet:
    """`sha256` is None where the tablet says plainly that there is no such file."""

    sha256: str | None


@lru_cache(maxsize=512)
def file_on_tablet(path: str) -> Fact[FileOnTablet]:
    """The fact about one path, named ``file<path>``."""
    return Fact(f"file{path}", Command("sha256sum", Quoted(path)), FileOnTablet, parse_file, frozenset({0, 1}))


def parse_file(text: str) -> FileOnTablet:
    match = re.match(r"^\\?([0-9a-f]{64})\s", text)
    if match:
        return FileOnTablet(match.group(1))
    if text.strip().endswith("No such file or directory"):
        return FileOnTablet(None)
    raise ValueError(f"sha256sum printed {shown(text)}")
