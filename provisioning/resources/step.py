"""Steps: what a plan will do to a tablet, as data that can be stored, shown and carried out later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from provisioning.command import Command, Quoted, Secret
from provisioning.errors import PlanError


class Outcome(StrEnum):
    """How a step or a resource ended. Only OK was read back from the tablet as true."""

    OK = "ok"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    NEEDS_HUMAN = "needs_human"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SecretName:
    """Stands for a secret by its name; the value is given when the plan is applied and is never stored."""

    secret: str


Word = str | Quoted | SecretName


@dataclass(frozen=True)
class RunCommand:
    """A line for the tablet's shell. `timeout_seconds` is for commands that may wait for ever on Android's side."""

    words: tuple[Word, ...]
    timeout_seconds: float = 30.0
    kind: Literal["run"] = "run"

    def command(self, secrets: Mapping[str, str]) -> Command:
        """What to send. Raises `PlanError` for a secret that was not given."""
        return Command(*(_revealed(word, secrets) for word in self.words))

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(word.secret for word in self.words if isinstance(word, SecretName))

    def shown(self) -> str:
        """For people: a secret is ``***``."""
        return Command(*(Secret("") if isinstance(word, SecretName) else word for word in self.words)).shown()


@dataclass(frozen=True)
class InstallApp:
    """Install the app file that the caller holds for `package`."""

    package: str
    kind: Literal["install"] = "install"

    def shown(self) -> str:
        return f"install {self.package}"


@dataclass(frozen=True)
class PushText:
    """Write `text` (UTF-8) to `path` on the tablet."""

    path: str
    text: str
    kind: Literal["push"] = "push"

    def shown(self) -> str:
        return f"push {len(self.text.encode())} bytes to {self.path}"


Action = Annotated[RunCommand | InstallApp | PushText, Field(discriminator="kind")]


@dataclass(frozen=True)
class Step:
    """One change: which resource wants it, what it does in a sentence, why, who asks for it, and the actions in order.

    `origins` as in `Resource`.
    """

    resource: str
    sentence: str
    reason: str
    actions: tuple[Action, ...]
    irreversible: bool = False
    origins: tuple[str, ...] = ()

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of the secrets that must be given to apply this step."""
        return tuple(name for action in self.actions if isinstance(action, RunCommand) for name in action.secrets)

    @property
    def apps(self) -> tuple[str, ...]:
        """Packages whose app file must be given to apply this step."""
        return tuple(action.package for action in self.actions if isinstance(action, InstallApp))

    def shown(self) -> tuple[str, ...]:
        """The actions as a person may read them."""
        return tuple(action.shown() for action in self.actions)


def run(*words: Word, timeout_seconds: float = 30.0) -> RunCommand:
    """A command from parts, read like `Command(...)`."""
    return RunCommand(words, timeout_seconds)


def _revealed(word: Word, secrets: Mapping[str, str]) -> str | Quoted | Secret:
    if not isinstance(word, SecretName):
        return word
    if word.secret not in secrets:
        raise PlanError(f"Nothing was sent. The secret “{word.secret}” was not given; enter it and apply again.")
    return Secret(secrets[word.secret])
