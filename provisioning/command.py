"""Commands as values: what is sent to a tablet's shell, and what may be shown of it.

Text from outside goes in as `Quoted`, passwords as `Secret`; plain strings are words we wrote ourselves.
A plan, a log or a report prints `Command.shown()`, which says ``***`` where a secret stands.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class Quoted:
    """Text from outside (a file name, a package, a value), quoted for the tablet's shell (mksh)."""

    text: str

    def sent(self) -> str:
        return shlex.quote(self.text)

    def shown(self) -> str:
        return self.sent()


@dataclass(frozen=True)
class Secret:
    """A password or key: sent quoted, never shown."""

    text: str

    def __repr__(self) -> str:
        return "Secret(***)"

    def sent(self) -> str:
        return shlex.quote(self.text)

    def shown(self) -> str:
        return "***"


@dataclass(frozen=True)
class Summed:
    """Our own words, too long for a person to read: what is shown instead is what they mean."""

    text: str
    meaning: str

    def sent(self) -> str:
        return self.text

    def shown(self) -> str:
        return self.meaning


Part = str | Quoted | Secret | Summed


@dataclass(frozen=True, init=False)
class Command:
    """One line for the tablet's shell, built from parts joined by single spaces."""

    parts: tuple[Part, ...]

    def __init__(self, *parts: Part) -> None:
        object.__setattr__(self, "parts", parts)

    def sent(self) -> str:
        """What goes over the wire."""
        return " ".join(part if isinstance(part, str) else part.sent() for part in self.parts)

    def shown(self) -> str:
        """What a person, a plan or a log may see."""
        return " ".join(part if isinstance(part, str) else part.shown() for part in self.parts)

    def __str__(self) -> str:
        return self.shown()
