"""The label sheets there are: those that come with Doorstep (`sheets.toml`) and a user's own file of the same form."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn

from labels.errors import SheetInvalid, SheetUnknown
from labels.sheet import Sheet

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
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SheetInvalid(f"Nothing was printed. The sheet file {path.name} could not be read: {error}.") from error
    return MappingProxyType(_sheets_from(text, path.name))


def _sheets_from(text: str, source: str) -> dict[str, Sheet]:
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SheetInvalid(f"Nothing was printed. {source} is not a TOML file: {error}.") from error
    return {name: _sheet_from(name, _Table(table, source, name)) for name, table in tables.items()}


def _sheet_from(name: str, table: _Table) -> Sheet:
    page_width, page_height = table.page()
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


@dataclass(frozen=True)
class _Table:
    """One sheet's table, read field by field so that a mistake is named with its file, sheet and field."""

    fields: object
    source: str
    sheet: str

    def text(self, field: str, *, default: str) -> str:
        value = self._mapping().get(field, default)
        return value if isinstance(value, str) else self._refuse(field, "must be words in quotation marks")

    def page(self) -> tuple[Decimal, Decimal]:
        value = self._mapping().get("page")
        if isinstance(value, str):
            return PAGES.get(value) or self._refuse("page", f"must be one of {', '.join(PAGES)}, or a width and height")
        return self.measure("page", "width"), self.measure("page", "height")

    def measure(self, group: str, field: str) -> Decimal:
        value = self._value(group, field)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            self._refuse(f"{group}.{field}", "must be a number of millimetres")
        return Decimal(value)

    def count(self, group: str, field: str) -> int:
        value = self._value(group, field)
        if isinstance(value, bool) or not isinstance(value, int):
            self._refuse(f"{group}.{field}", "must be a whole number")
        return value

    def _value(self, group: str, field: str) -> object:
        inner = self._mapping().get(group)
        if not isinstance(inner, dict) or field not in inner:
            self._refuse(f"{group}.{field}", "is missing")
        value: object = inner[field]
        return value

    def _mapping(self) -> Mapping[str, object]:
        if not isinstance(self.fields, dict):
            self._refuse("the sheet", "must be a table of measurements")
        return self.fields

    def _refuse(self, field: str, why: str) -> NoReturn:
        raise SheetInvalid(f"Nothing was printed. In {self.source}, sheet {self.sheet}: {field} {why}.")
