"""Reading one table of a TOML file field by field, so that a mistake is named with its file, name and field."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from labels.errors import SheetInvalid


@dataclass(frozen=True)
class Table:
    """The fields of one sheet or roll; `noun` is what it is called in a refusal. Every reader raises SheetInvalid."""

    fields: object
    source: str
    name: str
    noun: str = "sheet"

    def text(self, field: str, *, default: str) -> str:
        value = self.mapping().get(field, default)
        return value if isinstance(value, str) else self.refuse(field, "must be words in quotation marks")

    def flag(self, field: str) -> bool:
        value = self.mapping().get(field, False)
        return value if isinstance(value, bool) else self.refuse(field, "must be true or false")

    def measure(self, group: str, field: str) -> Decimal:
        value = self._value(group, field)
        if isinstance(value, bool) or not isinstance(value, int | Decimal) or not Decimal(value).is_finite():
            self.refuse(f"{group}.{field}", "must be a number of millimetres")
        return Decimal(value)

    def count(self, group: str, field: str) -> int:
        return self._whole(f"{group}.{field}", self._value(group, field))

    def number(self, field: str, *, default: int) -> int:
        return self._whole(field, self.mapping().get(field, default))

    def has(self, field: str) -> bool:
        return field in self.mapping()

    def mapping(self) -> Mapping[str, object]:
        if not isinstance(self.fields, dict):
            self.refuse(f"the {self.noun}", "must be a table of measurements")
        return self.fields

    def refuse(self, field: str, why: str) -> NoReturn:
        raise SheetInvalid(f"Nothing was printed. In {self.source}, {self.noun} {self.name}: {field} {why}.")

    def _value(self, group: str, field: str) -> object:
        inner = self.mapping().get(group)
        if not isinstance(inner, dict) or field not in inner:
            self.refuse(f"{group}.{field}", "is missing")
        value: object = inner[field]
        return value

    def _whole(self, field: str, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(field, "must be a whole number")
        return value


def tables_in(text: str, source: str, noun: str = "sheet") -> dict[str, Table]:
    """The tables of a TOML text by name, in its order. Raises SheetInvalid."""
    try:
        found = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise SheetInvalid(f"Nothing was printed. {source} is not a TOML file: {error}.") from error
    return {name: Table(fields, source, name, noun) for name, fields in found.items()}


def text_of(path: Path, noun: str = "sheet") -> str:
    """The text of a user's file of sheets or rolls. Raises SheetInvalid."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SheetInvalid(f"Nothing was printed. The {noun} file {path.name} could not be read: {error}.") from error
