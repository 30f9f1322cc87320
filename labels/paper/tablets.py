"""What a tablet of some make looks like from the front, as far as we know: tablets.toml, and the hub's own word."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Edge(StrEnum):
    TOP = "top"
    RIGHT = "right"
    BOTTOM = "bottom"
    LEFT = "left"


@dataclass(frozen=True)
class Spot:
    """A place on an edge; `at` runs from the top or the left, 0 to 1."""

    edge: Edge
    at: float


@dataclass(frozen=True)
class Look:
    """The tablet held upright. What is None is not known, and not drawn; `checked` says whether somebody looked."""

    on: Spot | None = None
    sound: Spot | None = None
    charger: Spot | None = None
    checked: bool = False


UNKNOWN = Look()


def look_of(manufacturer: str, model: str) -> Look:
    """The look of a make and model; `UNKNOWN` where we have none."""
    maker, kind = manufacturer.strip().lower(), model.strip().lower()
    for known_maker, known_kind, look in _known():
        if maker == known_maker and kind.startswith(known_kind):
            return look
    return UNKNOWN


def with_buttons_on(look: Look, edge: Edge | None) -> Look:
    """The look with its buttons where whoever prints sees them; None leaves them out."""
    if edge is None:
        return UNKNOWN
    if look.on is not None and look.on.edge is edge:
        return replace(look, checked=True)
    return Look(Spot(edge, 0.32), Spot(edge, 0.16), None, checked=True)


@cache
def _known() -> tuple[tuple[str, str, Look], ...]:
    """Makers with their models, those with a named model first."""
    data = tomllib.loads((files("labels") / "paper" / "tablets.toml").read_text(encoding="utf-8"))
    rows = []
    for each in data.values():
        spots = {name: Spot(Edge(each[name]["edge"]), each[name]["at"]) for name in ("on", "sound", "charger")}
        rows.append((each["manufacturer"], each.get("model", "").lower(), Look(**spots, checked=each["checked"])))
    return tuple(sorted(rows, key=lambda row: -len(row[1])))
