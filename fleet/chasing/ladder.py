"""The default ladder, read from ladder.toml once a process, and a ladder as the database keeps it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from fleet.chasing.rules import Acts, Ladder, OwnText, Rung
from fleet.errors import MisconfiguredError
from fleet.people.rules import Channel

HERE = Path(__file__).parent


@cache
def default_ladder() -> Ladder:
    """The ladder of every programme that has none of its own."""
    return read_ladder(HERE / "ladder.toml")


def read_ladder(path: Path) -> Ladder:
    """The ladder in a file. Raises `MisconfiguredError` when its rungs are out of order or named twice."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    rungs = tuple(_rung(rung) for rung in data["rung"])
    keys = [rung.key for rung in rungs]
    days = [rung.days for rung in rungs]
    if len(set(keys)) != len(keys) or days != sorted(days):
        raise MisconfiguredError(
            f"The chase ladder {path.name} cannot be used: a rung is named twice or out of order.",
            next_step="List every rung once, by the days after the due date.",
        )
    return Ladder(grace_days=data["grace_days"], rungs=rungs)


def from_data(grace_days: int, rungs: Sequence[Mapping[str, Any]]) -> Ladder:
    """A ladder from what `as_data` made of it."""
    return Ladder(grace_days=grace_days, rungs=tuple(_rung(rung) for rung in rungs))


def as_data(ladder: Ladder) -> list[dict[str, Any]]:
    """The rungs as plain values."""
    return [asdict(rung) for rung in ladder.rungs]


def _rung(data: Mapping[str, Any]) -> Rung:
    channel, others = data.get("channel"), tuple(OwnText(**each) for each in data.get("others", ()))
    read = {"by": Acts(data["by"]), "channel": Channel(channel) if channel else None, "others": others}
    return Rung(**{**data, **read})
