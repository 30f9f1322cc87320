"""Reads the ladder from ladder.toml, once a process. A ladder that cannot be used is refused when it is read."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from fleet.chasing.rules import Acts, Ladder, Rung
from fleet.errors import MisconfiguredError

HERE = Path(__file__).parent


@cache
def default_ladder() -> Ladder:
    """The ladder that every programme follows."""
    return read_ladder(HERE / "ladder.toml")


def read_ladder(path: Path) -> Ladder:
    """The ladder in a file. Raises `MisconfiguredError` when its rungs are out of order or named twice."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    rungs = tuple(Rung(**{**rung, "by": Acts(rung["by"])}) for rung in data["rung"])
    keys = [rung.key for rung in rungs]
    days = [rung.days for rung in rungs]
    if len(set(keys)) != len(keys) or days != sorted(days):
        raise MisconfiguredError(
            f"The chase ladder {path.name} cannot be used: a rung is named twice or out of order.",
            next_step="List every rung once, by the days after the due date.",
        )
    return Ladder(grace_days=data["grace_days"], rungs=rungs)
