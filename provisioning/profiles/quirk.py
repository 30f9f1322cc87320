"""Quirks: what is different on some makes and models, as data, and how a profile gives way to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from pydantic import ConfigDict

from provisioning.errors import NeedsPerson, Unsupported
from provisioning.facts.fact import Fact
from provisioning.facts.identity import Identity
from provisioning.facts.observation import Observation
from provisioning.profiles.entries import ResourceEntry
from provisioning.resources.resource import Resource
from provisioning.resources.step import Step

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class Match:
    """Which tablets: names with ``*`` for anything, capitals not minded, and Android API levels, both ends included."""

    __pydantic_config__ = _STRICT

    manufacturer: str = "*"
    model: str = "*"
    device: str = "*"
    min_sdk: int = 0
    max_sdk: int = 10_000

    def fits(self, tablet: Identity) -> bool:
        named = (
            (self.manufacturer, tablet.manufacturer),
            (self.model, tablet.model),
            (self.device, tablet.device),
        )
        same = all(fnmatchcase((name or "").lower(), pattern.lower()) for pattern, name in named)
        return same and self.min_sdk <= tablet.sdk <= self.max_sdk


@dataclass(frozen=True)
class Skip:
    """Resources (by id, with ``*``) that this tablet cannot have, and why."""

    __pydantic_config__ = _STRICT

    resource: str
    why: str


@dataclass(frozen=True)
class Guide:
    """Resources that a person must see to on this tablet, in what words, and on which settings screen."""

    __pydantic_config__ = _STRICT

    resource: str
    words: str
    screen: str = ""


@dataclass(frozen=True)
class Hands:
    """Words with which the tablet refuses, and what a person then has to do."""

    __pydantic_config__ = _STRICT

    said: str
    words: str


@dataclass(frozen=True)
class Quirk:
    """`resource` replaces what a profile asks for under the same id; it adds nothing that no profile asks for."""

    __pydantic_config__ = _STRICT

    name: str
    version: int
    title: str
    source: str
    match: Match = Match()
    skip: tuple[Skip, ...] = ()
    guide: tuple[Guide, ...] = ()
    hands: tuple[Hands, ...] = ()
    resource: tuple[ResourceEntry, ...] = ()

    @property
    def origin(self) -> str:
        return f"quirk:{self.name}"


@dataclass(frozen=True)
class Nothing:
    """The state of a resource that is not looked at."""


@dataclass(frozen=True, kw_only=True)
class SkippedHere(Resource[Nothing]):
    """A resource that this make of tablet cannot have: it is not even read."""

    inner: Resource[Any]
    why: str

    @property
    def id(self) -> str:
        return self.inner.id

    @property
    def sentence(self) -> str:
        return self.inner.sentence

    def facts(self) -> tuple[Fact[Any], ...]:
        return ()

    def read(self, observed: Observation) -> Nothing:
        return Nothing()

    def decide(self, state: Nothing) -> tuple[Step, ...]:
        raise Unsupported(self.why)


@dataclass(frozen=True, kw_only=True)
class GuidedHere(Resource[Any]):
    """A resource that a person sees to on this make of tablet, until it reads as true."""

    inner: Resource[Any]
    words: str
    screen: str

    @property
    def id(self) -> str:
        return self.inner.id

    @property
    def sentence(self) -> str:
        return self.inner.sentence

    def facts(self) -> tuple[Fact[Any], ...]:
        return self.inner.facts()

    def read(self, observed: Observation) -> Any:
        return self.inner.read(observed)

    def decide(self, state: Any) -> tuple[Step, ...]:
        try:
            needed = self.inner.decide(state)
        except Unsupported as error:
            raise NeedsPerson(self.words, screen=self.screen) from error
        if needed:
            raise NeedsPerson(self.words, screen=self.screen)
        return ()


def give_way(
    resources: Sequence[Resource[Any]], quirks: Sequence[Quirk], tablet: Identity
) -> tuple[Resource[Any], ...]:
    """The resources as they are to be on this tablet."""
    fitting = [quirk for quirk in quirks if quirk.match.fits(tablet)]
    return tuple(_give_way(resource, fitting) for resource in resources)


def _give_way(resource: Resource[Any], quirks: Sequence[Quirk]) -> Resource[Any]:
    for quirk in quirks:
        origins = (*resource.origins, quirk.origin)
        told: dict[str, Any] = {"reason": resource.reason, "source": quirk.source, "origins": origins}
        for other in quirk.resource:
            if other.id == resource.id:
                resource = replace(other, origins=origins)
        for guide in quirk.guide:
            if fnmatchcase(resource.id, guide.resource):
                resource = GuidedHere(inner=resource, words=guide.words, screen=guide.screen, **told)
        for skip in quirk.skip:
            if fnmatchcase(resource.id, skip.resource):
                resource = SkippedHere(inner=resource, why=skip.why, **told)
    return resource
