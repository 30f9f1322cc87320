"""The declarative base: constraint names, and the column types every room uses."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import JSON, DateTime, Dialect, Enum, MetaData, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive time is refused: it would be somebody's guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def word_column(enum: type[StrEnum]) -> Enum:
    """A column type for a `StrEnum`, stored as its words, refused by the database when it is none of them."""

    def values(members: Iterable[StrEnum]) -> list[str]:
        return [member.value for member in members]

    return Enum(enum, native_enum=False, length=40, values_callable=values, validate_strings=True)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads this as a plain class attribute
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


LARGEST_ID = 2**31 - 1
"""The largest number of a row: PostgreSQL's integer."""


def row_number(text: str) -> int | None:
    """The number of a row as somebody wrote it; None for what is no number. One that is too large for any row is
    `LARGEST_ID`, which nobody finds."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return int(text) if len(text) < len(str(LARGEST_ID)) else LARGEST_ID


IntId = Annotated[int, mapped_column(primary_key=True)]
