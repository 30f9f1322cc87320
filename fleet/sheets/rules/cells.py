"""How one cell is written, and how it is read back: days, amounts, words from a list. Each reader raises `ValueError`
with a sentence. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum, StrEnum
from typing import TypeVar

from fleet.clock import LONDON

Word = TypeVar("Word", bound=StrEnum)

_YES, _NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0"})
_DAY = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_POUNDS = re.compile(r"\d{1,12}(\.\d{1,2})?|\.\d{1,2}", re.ASCII)
LARGEST_PENCE = 2_000_000_000
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def cell(value: object) -> str:
    """How a value stands in a cell: days as 2026-06-01, times in UTC, yes and no, several with semicolons."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case Enum():
            return str(value.value)
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case time():
            return f"{value:%H:%M}"
        case list() | tuple() | frozenset():
            return "; ".join(cell(each) for each in value)
        case _:
            return str(value)


def pounds(pence: int | None) -> str:
    return "" if pence is None else f"{pence // 100}.{pence % 100:02d}"


def words(most: int) -> Callable[[str], str]:
    """A reader of plain words."""

    def read(text: str) -> str:
        if len(text) > most:
            raise ValueError(f"use at most {most} letters.")
        return text

    return read


def a_day(text: str) -> date:
    """2026-06-01, or 01/06/2026 as this country writes it; a time after it is left out."""
    bare = text.split("T")[0].split(" ")[0]
    found = _DAY.fullmatch(bare)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else date.fromisoformat(bare)
    except ValueError as error:
        raise ValueError("write a day as 2026-06-01 or 01/06/2026.") from error


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers between two."""

    def read(text: str) -> int:
        bare = text.replace(",", "")
        if not re.fullmatch(r"[0-9]{1,9}", bare) or not least <= int(bare) <= most:
            raise ValueError(f"write a whole number from {least:,} to {most:,}.")
        return int(bare)

    return read


def a_switch(text: str) -> bool:
    if text.lower() not in _YES | _NO:
        raise ValueError("write yes or no.")
    return text.lower() in _YES


def several(text: str) -> tuple[str, ...]:
    """Values with semicolons between them."""
    return tuple(each.strip() for each in text.split(";") if each.strip())


def one_of(kind: type[Word]) -> Callable[[str], Word]:
    """A reader of a word from a list, as it is kept or with spaces: "closed returned" is closed_returned."""

    def read(text: str) -> Word:
        try:
            return kind("_".join(text.lower().replace("-", " ").replace("_", " ").split()))
        except ValueError as error:
            raise ValueError(f"write one of {', '.join(each.value for each in kind)}.") from error

    return read


def some_of(kind: type[Word]) -> Callable[[str], tuple[Word, ...]]:
    """The same for several with semicolons between them."""
    read = one_of(kind)
    return lambda text: tuple(read(each) for each in several(text))


def a_moment(text: str) -> datetime:
    """2026-06-01 09:30:00 in UTC as our files say it; of a day alone its noon, where the hub is."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.combine(a_day(text), time(12), LONDON).astimezone(UTC)


def a_time(text: str) -> time:
    """10:30, as clocks here show it."""
    try:
        return time.fromisoformat(text if text[1:2] != ":" else f"0{text}").replace(
            second=0, microsecond=0, tzinfo=None
        )
    except ValueError as error:
        raise ValueError("write a time of day as 10:30.") from error


def a_weekday(text: str) -> int:
    """0 for Monday; the first three letters will do."""
    found = [number for number, name in enumerate(DAYS) if len(text) >= 3 and name.lower().startswith(text.lower())]
    if not found:
        raise ValueError("write a day of the week, such as Monday.")
    return found[0]


def an_amount(most: int = LARGEST_PENCE) -> Callable[[str], int]:
    """A reader of pounds: £1,204.50 or 1204.5, in pence."""

    def read(text: str) -> int:
        bare = text.replace("£", "").replace("GBP", "").replace(",", "").strip()
        if not _POUNDS.fullmatch(bare):
            raise ValueError("write an amount in pounds, such as 149.99.")
        pence = int(Decimal(bare) * 100)
        if pence > most:
            raise ValueError(f"write an amount in pounds, up to {most // 100:,}.")
        return pence

    return read
