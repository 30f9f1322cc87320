"""Android's properties (`getprop`), and the facts that are read out of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from provisioning.command import Command
from provisioning.facts.fact import Fact, refuse_errors, shown

GETPROP = Command("getprop")

_FIRST_LINE = re.compile(r"^\[(.+?)\]: \[(.*)$")


@dataclass(frozen=True)
class Properties:
    """Every property by its key."""

    values: Mapping[str, str]

    def first(self, *keys: str) -> str | None:
        """The first of the keys that has a value; None where all are missing or empty."""
        return next((self.values[key] for key in keys if self.values.get(key)), None)

    def flag(self, key: str) -> bool | None:
        """A property that is ``1`` or ``0``; None for anything else (empty is usual on old tablets)."""
        return {"1": True, "0": False}.get(self.values.get(key, ""))


def parse_properties(text: str) -> Properties:
    """Keys and values of ``[key]: [value]``, where a value may run over several lines until one ends in ``]``."""
    values: dict[str, str] = {}
    key, so_far = "", ""
    for line in text.split("\n"):
        start = _FIRST_LINE.match(line)
        if start and not key:
            key, so_far = start.group(1), start.group(2)
        elif key:
            so_far += "\n" + line
        if key and so_far.endswith("]"):
            values[key] = so_far[:-1]
            key = ""
    if not values:
        refuse_errors(text)
        raise ValueError(f"getprop printed {shown(text)}")
    return Properties(values)


PROPERTIES = Fact("properties", GETPROP, Properties, parse_properties)
