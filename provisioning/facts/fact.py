"""One thing that can be read: the command that asks and the pure function that understands the answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from provisioning.command import Command
from provisioning.errors import FactUnreadable

T = TypeVar("T")

# Words with which Android's tools say that they did not do what was asked, whatever their exit code.
_REFUSALS = (
    "Can't find service:",
    "Exception occurred while",
    "java.lang.SecurityException",
    "Permission Denial:",
    "Security exception:",
    "DUMP TIMEOUT",
    "Error: Could not access the Package Manager",
    "error: closed",
)


@dataclass(frozen=True)
class Fact(Generic[T]):
    """A name, a command that changes nothing, and ``understand(text) -> kind``, which raises `ValueError` in words.

    `exit_codes` are those with which the command may end and still have answered. The answer of a `private`
    fact may hold a person's name, so its words are never quoted in a reason.
    """

    name: str
    command: Command
    kind: type[T]
    understand: Callable[[str], T]
    exit_codes: frozenset[int] = frozenset({0})
    private: bool = False

    def parse(self, text: str) -> T:
        """The value in a command's output. Raises `FactUnreadable`, never guesses."""
        try:
            return self.understand(text.replace("\r", ""))
        except ValueError as error:
            raise FactUnreadable(self.name, str(error)) from error


def refuse_errors(text: str) -> None:
    """Raise `ValueError` where the tablet answered with a refusal instead of the thing asked for."""
    for line in text.splitlines():
        if any(words in line for words in _REFUSALS):
            raise ValueError(f"the tablet answered “{line.strip()[:160]}”")


def shown(text: str) -> str:
    """The first words of an answer, for a sentence about why it was not understood."""
    words = " ".join(text.split())
    return f"“{words[:80]}”" if words else "nothing"
