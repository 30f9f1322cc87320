"""A profile: a name, a version and the resources that should hold on a tablet it was applied to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY, Identity
from provisioning.facts.plain import digest, to_plain
from provisioning.profiles.quirk import Hands, Quirk, give_way
from provisioning.resources.app import AppInstalled
from provisioning.resources.resource import Resource


@dataclass(frozen=True)
class Profile:
    """Resources stand in the order in which their steps are to be taken.

    `needs`, `wishes` and `language` are what a person's own were added to it, `decisions` how what they asked for
    was brought together, in sentences; `own` are the resources before that. `debugging_off` asks for the last step:
    USB debugging off, after everything was verified. `order` is the place in a list, the smallest first.
    """

    name: str
    version: int
    title: str
    description: str
    resources: tuple[Resource[Any], ...]
    needs: tuple[str, ...] = ()
    wishes: tuple[str, ...] = ()
    language: str = ""
    decisions: tuple[str, ...] = ()
    quirks: tuple[Quirk, ...] = ()
    own: tuple[Resource[Any], ...] = ()
    debugging_off: bool = False
    order: int = 50

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """Everything that must be read to plan or verify this profile, on whatever make of tablet."""
        asked = {resource.id for resource in self.resources}
        others = (other for quirk in self.quirks for other in quirk.resource if other.id in asked)
        resources = (*self.resources, *others)
        facts = (IDENTITY, *(fact for resource in resources for fact in resource.facts()))
        return tuple({fact.name: fact for fact in facts}.values())

    @property
    def apps(self) -> tuple[str, ...]:
        """Packages whose app files the caller must hold."""
        return tuple(resource.package for resource in self.resources if isinstance(resource, AppInstalled))

    @property
    def recipe(self) -> str:
        """SHA-256 over all that the profile asks for: two profiles with one recipe make the same tablet."""
        return digest({"resources": [to_plain(each) for each in self.resources], "debugging_off": self.debugging_off})

    def on(self, tablet: Identity) -> Profile:
        """The same profile as it is to be on one make of tablet."""
        return replace(self, resources=give_way(self.resources, self.quirks, tablet))

    def hands_on(self, tablet: Identity) -> tuple[Hands, ...]:
        """Refusals on this make of tablet that a person can lift."""
        return tuple(hands for quirk in self.quirks if quirk.match.fits(tablet) for hands in quirk.hands)

    def signed_by(self, certificates: Mapping[str, bytes]) -> Profile:
        """The same profile with its apps pinned to their signers, given as DER certificates by package."""
        return replace(
            self,
            resources=tuple(_pinned(resource, certificates) for resource in self.resources),
            own=tuple(_pinned(resource, certificates) for resource in self.own),
        )


def _pinned(resource: Resource[Any], certificates: Mapping[str, bytes]) -> Resource[Any]:
    if isinstance(resource, AppInstalled) and resource.package in certificates:
        return resource.signed_by(certificates[resource.package])
    return resource
