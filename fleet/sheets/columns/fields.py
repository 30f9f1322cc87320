"""How the columns of a file are written down: by a function of the row, or by the name of a field."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fleet.sheets.rules import STAYS_OUT, Column, a_switch

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


def stays_out(write: Callable[[Row], object]) -> Column:
    """The column by which a row says that it goes out for reading alone."""
    hint = "yes: it is for reading and does not come in; it is made again by hand"
    return Column(STAYS_OUT, lambda row: "yes" if write(row) else "", a_switch, hint=hint)


def field_of(entity: str, name: str, row: Row) -> object:
    value: object = getattr(getattr(row, entity), name)
    return value
