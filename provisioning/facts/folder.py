"""What lies in the folder that benches use for their own files."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.command import Command, Quoted
from provisioning.facts.fact import Fact, shown


@dataclass(frozen=True)
class Names:
    """File and folder names, sorted."""

    names: tuple[str, ...]


_END = "==end"


def parse_names(text: str) -> Names:
    """One name a line, then the marker that tells an empty folder from a lost answer."""
    lines = text.rstrip("\n").split("\n")
    if lines[-1].strip() != _END or "Permission denied" in text or "No such file" in text:
        raise ValueError(f"ls printed {shown(text)}")
    return Names(tuple(sorted(line.strip() for line in lines[:-1] if line.strip())))


BENCH_FOLDER = Fact(
    "bench_folder", Command("sh -c", Quoted(f"ls -1A /data/local/tmp&&echo {_END}")), Names, parse_names
)
