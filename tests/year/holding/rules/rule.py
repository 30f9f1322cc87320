"""What is said of one rule."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """`came_about` are the counters that the year must have brought above nought, or the rule was never put to a test;
    `tests` hold it by themselves, as `file::name`."""

    id: str
    asks: str
    doorstep: str
    came_about: tuple[str, ...]
    tests: tuple[str, ...]
