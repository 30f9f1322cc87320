"""Where a bench stands as seen from here, and how a slot's address says so. Plain Python, nothing is opened."""

from __future__ import annotations

import re
from enum import StrEnum

_OF_A_BENCH = re.compile(r"bench-\d+/")


class BenchKind(StrEnum):
    """LOCAL: its tablets are reached from the computer whose worker does the work. SSH: through another machine."""

    LOCAL = "local"
    SSH = "ssh"


def kept_address(bench_id: int, kind: BenchKind, address: str) -> str:
    """The address as a slot keeps it: unique in this installation.

    A network address is the same from everywhere, unless it is seen through SSH; a USB port is one of its bench.
    """
    if kind is BenchKind.LOCAL and address.startswith("tcp:"):
        return address
    return f"bench-{bench_id}/{address}"


def bare_address(kept: str) -> str:
    """The address as the bench itself says it: ``usb:1-1.2``."""
    return _OF_A_BENCH.sub("", kept, count=1)


def usb_path(kept: str) -> str:
    """The hub port of an address over USB, ``1-1.2``; empty for a network address."""
    address = bare_address(kept)
    _, found, path = address.partition("usb:")
    return path if found else ""


def lane_of(bench_id: int, name: str) -> str:
    """The queue of a bench's own worker: ``bench.bench-1.3``."""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "bench"
    return f"bench.{slug}.{bench_id}"
