"""How the columns of a file are written down: by a function of the row, or by the name of a field."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fleet.sheets.rules import Column

Row = Any


def out(name: str, write: Callable[[Row], object]) -> Column:
    """A column that goes out only."""
    return Column(name, write)


def fields(entity: str, *names: str) -> tuple[Column, ...]:
    """Columns that go out only, each named as the field of that row's thing which stands in it."""
    return tuple(out(name, partial(field_of, entity, name)) for name in names)


def both(entity: str, name: str, read: Callable[[str], object], hint: str, *, needed: bool = False) -> Column:
    """A column that goes out and comes in, named as the field of that row's thing which stands in it."""
    return Column(name, partial(field_of, entity, name), read, needed, hint=hint)


def field_of(entity: str, name: str, row: Row) -> object:
    value: object = getattr(getattr(row, entity), name)
    return value
