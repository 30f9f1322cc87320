"""How a tablet's facts are said on a terminal: words, numbers with their units, and lists with commas.

Only for reading. Programs ask for `--json`, where every value keeps its own shape.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum

from fleet.web.filters import byte_size
from provisioning.facts.observation import Unreadable

NOT_GIVEN = "not given"
"""Where a reading holds nothing: this tablet does not say, or there is none. A fact that could not be read says why."""

_UNITS = {"_percent": " %", "_c": " °C", "_mv": " mV", "_uah": " µAh", "_kb_per_second": " kB a second"}
_BYTES = "_bytes"


def fact_words(reading: object) -> str:
    """A reading in words: one line for each thing that was read."""
    if isinstance(reading, Unreadable):
        return f"could not be read: {reading.why}"
    parts = _parts(reading)
    if len(parts) == 1:
        return _words(*parts[0])
    return "\n".join(f"{spoken(name)}: {_words(name, value)}" for name, value in parts)


def spoken(name: str) -> str:
    """A fact's or field's name in words, without the unit that stands after its number."""
    for ending in (*_UNITS, _BYTES):
        name = name.removesuffix(ending)
    return name.replace("_", " ")


def _parts(value: object) -> list[tuple[str, object]]:
    """A value's fields by name; something that has none is one part without a name."""
    if is_dataclass(value):
        return [(field.name, getattr(value, field.name)) for field in fields(value)]
    return [("", value)]


def _words(name: str, value: object) -> str:
    match value:
        case None:
            return NOT_GIVEN
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value).replace("_", " ")
        case int() | float():
            return _measured(name, value)
        case date():
            return f"{value:%-d %B %Y}"
        case str():
            return value or "empty"
        case Mapping():
            whose = "user " if name == "by_user" else ""
            return "\n".join(f"{whose}{key}: {_words('', each)}" for key, each in value.items()) or "none"
        case Collection():
            return _listed(value)
        case _:
            return "; ".join(f"{spoken(part)} {_words(part, each)}" for part, each in _parts(value))


def _listed(values: Collection[object]) -> str:
    """Words with commas between them; things with several fields each have a line of their own."""
    between = "\n" if any(is_dataclass(each) for each in values) else ", "
    return between.join(_words("", each) for each in values) or "none"


def _measured(name: str, number: float) -> str:
    if name.endswith(_BYTES):
        return byte_size(int(number))
    if name == "epoch_seconds":
        return f"{datetime.fromtimestamp(number, UTC):%-d %B %Y %H:%M:%S} UTC"
    return f"{number}{next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), '')}"
