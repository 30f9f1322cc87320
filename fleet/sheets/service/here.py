"""What reads rows that come in: which hub and day it is, what a reader of one kind can do, and a row in a few words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from sqlalchemy.orm import Session

from fleet.errors import BadInput
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.sheets.rules import Line, cell
from fleet.users.actor import Actor

Item = TypeVar("Item")


class Count(Protocol):
    """Goes through rows for whoever wants to know how far a file has come."""

    def __call__(self, doing: str, rows: Iterable[Item], /) -> Iterator[Item]: ...


def uncounted(_doing: str, rows: Iterable[Item], /) -> Iterator[Item]:
    """Nobody watches."""
    return iter(rows)


@dataclass(frozen=True)
class Here:
    """The hub and its day, and who counts the rows."""

    session: Session
    settings: Settings
    hub_id: int
    today: date
    now: datetime
    count: Count = uncounted

    def kept(self, rows: Iterable[Item]) -> Iterator[Item]:
        """Rows as they are kept."""
        return self.count("Keeping", rows)


class Brings(ABC):
    """What brings in the rows of one kind."""

    def __init__(self, here: Here) -> None:
        self.here = here

    def begin(self, lines: Sequence[Line]) -> None:
        """Read at once what many rows name; asked before anything is asked of a row."""
        return

    @abstractmethod
    def what(self, line: Line) -> str:
        """A row in a few words."""

    @abstractmethod
    def wrong(self, line: Line) -> Sequence[str]:
        """What is wrong with a row that could be read, asked once a row and in their order."""

    def doubts(self, line: Line) -> Sequence[str]:
        """What is odd about a row that may be kept, asked after `wrong`."""
        return ()

    @abstractmethod
    def keep(self, lines: Sequence[Line], *, actor: Actor, happening: Happening) -> None:
        """Write all of them down."""


def summary(line: Line, *names: str) -> str:
    """Some of its values, in a row."""
    return ", ".join(cell(line.get(name)) for name in names if line.get(name) is not None) or "Nothing in it"


def sentences(refused: BadInput) -> tuple[str, ...]:
    """A refusal, field by field."""
    return named(refused.fields) or (refused.message,)


def named(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Sentences, each with the column that it is about."""
    return tuple(f"{name}: {sentence[:1].lower()}{sentence[1:]}" for name, sentence in fields.items() if sentence)


def not_among(line: Line, name: str, known: Mapping[str, int], whose: str) -> tuple[str, ...]:
    """A sentence where a cell names none of what is on record."""
    text = line.get(name)
    return (f"{name}: {text} is no {whose} among your partners.",) if text and text.lower() not in known else ()
