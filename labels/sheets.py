"""The label sheets there are: those that come with Doorstep (`sheets.toml`) and a user's own file of the same form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from labels.errors import SheetUnknown
from labels.sheet import Sheet
from labels.tables import Table, tables_in, text_of

PAGES: Mapping[str, tuple[Decimal, Decimal]] = MappingProxyType(
    {"A4": (Decimal(210), Decimal(297)), "Letter": (Decimal("215.9"), Decimal("279.4"))}
)


@lru_cache(maxsize=1)
def presets() -> Mapping[str, Sheet]:
    """The sheets that come with Doorstep, by name, in the order of their file."""
    text = files("labels").joinpath("sheets.toml").read_text(encoding="utf-8")
    return MappingProxyType(_sheets_from(text, "the built-in sheets"))


def preset(name: str) -> Sheet:
    """The built-in sheet called `name`, whatever its capitals. Raises SheetUnknown."""
    return find_sheet(presets(), name)


def find_sheet(sheets: Mapping[str, Sheet], name: str) -> Sheet:
    """The sheet called `name` among `sheets`, whatever its capitals. Raises SheetUnknown."""
    for known, sheet in sheets.items():
        if known.casefold() == name.strip().casefold():
            return sheet
    raise SheetUnknown(
        f"Nothing was printed. No sheet is called {name!r}. The sheets are {', '.join(sheets)}; "
        "describe any other in a sheet file."
    )


def load_sheets(path: Path) -> Mapping[str, Sheet]:
    """The sheets a user describes in a TOML file of the form of `sheets.toml`. Raises SheetInvalid."""
    return MappingProxyType(_sheets_from(text_of(path), path.name))


def _sheets_from(text: str, source: str) -> dict[str, Sheet]:
    return {name: _sheet_from(name, table) for name, table in tables_in(text, source).items()}


def _sheet_from(name: str, table: Table) -> Sheet:
    page_width, page_height = _page(table)
    return Sheet(
        name=name,
        title=table.text("title", default=name),
        material=table.text("material", default="paper"),
        page_width=page_width,
        page_height=page_height,
        across=table.count("grid", "across"),
        down=table.count("grid", "down"),
        label_width=table.measure("label", "width"),
        label_height=table.measure("label", "height"),
        pitch_x=table.measure("pitch", "x"),
        pitch_y=table.measure("pitch", "y"),
        margin_left=table.measure("margin", "left"),
        margin_top=table.measure("margin", "top"),
    )


def _page(table: Table) -> tuple[Decimal, Decimal]:
    value = table.mapping().get("page")
    if isinstance(value, str):
        return PAGES.get(value) or table.refuse("page", f"must be one of {', '.join(PAGES)}, or a width and height")
    return table.measure("page", "width"), table.measure("page", "height")
