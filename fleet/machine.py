"""What every table of moves says when it refuses, and how a move is offered to the person who may press it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from fleet.users.rules import Role

Row = TypeVar("Row")

SAY_WHY = "Say why, in a few words."
"""The refusal of a move that needs a reason and was given none."""


@dataclass(frozen=True)
class Offer(Generic[Row]):
    """A row of the table that begins where something stands, and what still speaks against it."""

    transition: Row
    refusals: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        return not self.refusals


def stands_elsewhere(what: str, state: StrEnum, sources: Iterable[StrEnum]) -> str:
    """The refusal of a move that does not begin at `state`; `what` names the thing, such as "The loan"."""
    wanted = " or ".join(_words(source) for source in sources)
    return f"{what} is {_words(state)}, and this is done to one that is {wanted}."


def done_by(roles: frozenset[Role]) -> str:
    """The refusal of a move that only these roles make."""
    return f"This is done by a {' or '.join(sorted(_words(role) for role in roles - {Role.SYSTEM}))}."


def _words(value: StrEnum) -> str:
    return value.value.replace("_", " ")
