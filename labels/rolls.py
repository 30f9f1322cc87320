"""The rolls there are: those that come with Doorstep (`rolls.toml`) and a user's own file of the same form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from labels.errors import RollUnknown
from labels.roll import HEADS, MM_PER_INCH, Family, Roll
from labels.tables import Table, tables_in, text_of


@lru_cache(maxsize=1)
def rolls() -> Mapping[str, Roll]:
    """The rolls that come with Doorstep, by name, in the order of their file."""
    text = files("labels").joinpath("rolls.toml").read_text(encoding="utf-8")
    return MappingProxyType(_rolls_from(text, "the built-in rolls"))


def roll_of(name: str) -> Roll:
    """The built-in roll called `name`, whatever its capitals. Raises RollUnknown."""
    return find_roll(rolls(), name)


def find_roll(known: Mapping[str, Roll], name: str) -> Roll:
    """The roll called `name` among `known`, whatever its capitals. Raises RollUnknown."""
    for each, roll in known.items():
        if each.casefold() == name.strip().casefold():
            return roll
    raise RollUnknown(
        f"Nothing was printed. No roll is called {name!r}. The rolls are {', '.join(known)}; describe any other in a "
        "roll file."
    )


def load_rolls(path: Path) -> Mapping[str, Roll]:
    """The rolls a user describes in a TOML file of the form of `rolls.toml`. Raises SheetInvalid."""
    return MappingProxyType(_rolls_from(text_of(path, "roll"), path.name))


def _rolls_from(text: str, source: str) -> dict[str, Roll]:
    return {name: _roll_from(name, table) for name, table in tables_in(text, source, "roll").items()}


def _roll_from(name: str, table: Table) -> Roll:
    family = table.text("family", default="")
    if family not in set(Family):
        table.refuse("family", f"must be one of {', '.join(Family)}")
    dpi = table.number("dpi", default=300)
    if dpi not in HEADS:
        table.refuse("dpi", f"must be one of {', '.join(map(str, HEADS))}")
    width, length = table.measure("label", "width"), table.measure("label", "length")
    if table.has("area"):
        across, along = table.count("area", "across"), table.count("area", "along")
    else:
        across, along = (int(float(side) * HEADS[dpi] / MM_PER_INCH + 1e-6) for side in (width, length))
    return Roll(
        name=name,
        title=table.text("title", default=name),
        family=Family(family),
        tape_width=width,
        tape_length=length,
        across=across,
        along=along,
        dpi=dpi,
        first_dot=table.number("first", default=0),
        turned=table.flag("turned"),
    )
