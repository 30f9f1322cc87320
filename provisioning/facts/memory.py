"""How much working memory the kernel counts (`/proc/meminfo`), a little less than what the box says."""

from __future__ import annotations

import re
from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, shown


@dataclass(frozen=True)
class Memory:
    total_bytes: int

    @property
    def nominal_gib(self) -> int:
        """The size on the box: the kernel keeps some of it to itself, so round up."""
        return -(-self.total_bytes // (1 << 30))


def parse_memory(text: str) -> Memory:
    match = re.search(r"^MemTotal:\s+(\d+) kB", text, re.MULTILINE)
    if match is None:
        raise ValueError(f"/proc/meminfo held {shown(text)}")
    return Memory(int(match.group(1)) * 1024)


MEMORY = Fact("memory", Command("cat /proc/meminfo"), Memory, parse_memory)
