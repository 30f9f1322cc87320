"""What every resource is: something that should be true, read from an observation and turned into steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import ConfigDict

from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.resources.step import Action, Step

S = TypeVar("S")


class Phase(IntEnum):
    """When a resource's steps are taken, where needs and languages have been added to a profile.

    The clock comes first because a wrong one breaks secure connections; a screen reader comes late because it
    changes what every tap on the screen does; what seals the tablet comes last.
    """

    CLOCK = 1
    APPS = 2
    SCREEN = 3
    HOME = 4
    TIDY = 5
    NETWORK = 6
    LANGUAGE = 7
    ACCESS = 8
    OWNER = 9
    LEAVING = 10


@dataclass(frozen=True, kw_only=True)
class Resource(ABC, Generic[S]):
    """`S` is what the resource looks at: a frozen dataclass with nothing volatile in it, for a plan digests it.

    `reason` is the need or profile line behind it, in words; `source` says where that is written down. `origins` are
    the profile, needs, wishes or language that ask for it, as ``need:low-vision``; never written in a file.
    """

    # A key in a profile file that the resource does not know is a mistake, not a note.
    __pydantic_config__ = ConfigDict(extra="forbid")

    phase: ClassVar[Phase] = Phase.SCREEN

    reason: str
    source: str = ""
    origins: tuple[str, ...] = ()

    @property
    @abstractmethod
    def id(self) -> str:
        """Unique within a profile and stable between its versions, such as ``setting/system/font_scale``."""

    @property
    @abstractmethod
    def sentence(self) -> str:
        """What should be true, as a person would say it."""

    @abstractmethod
    def facts(self) -> tuple[Fact[Any], ...]:
        """What must have been read before `read` can answer."""

    @abstractmethod
    def read(self, observed: Observation) -> S:
        """The part of the observation this resource decides on. Raises `FactUnreadable`."""

    @abstractmethod
    def decide(self, state: S) -> tuple[Step, ...]:
        """Steps from a state to what should be true; none when it is. Raises `Unsupported` or `NeedsPerson`."""

    def steps(self, observed: Observation) -> tuple[Step, ...]:
        """The steps still needed. Pure; raises `FactUnreadable`, `Unsupported` or `NeedsPerson`."""
        return self.decide(self.read(observed))

    def step(self, sentence: str, *actions: Action, irreversible: bool = False) -> Step:
        return Step(self.id, sentence, self.reason, actions, irreversible, self.origins)
