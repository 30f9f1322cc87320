"""A profile: a name, a version and the resources that should hold on a tablet it was applied to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import Field

from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.resources.app import AppInstalled
from provisioning.resources.file_content import FileContent
from provisioning.resources.home_activity import HomeActivity
from provisioning.resources.package_off import PackageDisabled
from provisioning.resources.permission import PermissionGranted
from provisioning.resources.resource import Resource
from provisioning.resources.screen import DisplayDensity, NightMode
from provisioning.resources.setting import Setting

AnyResource = (
    Setting
    | AppInstalled
    | PermissionGranted
    | FileContent
    | HomeActivity
    | PackageDisabled
    | NightMode
    | DisplayDensity
)

# How a table in a profile file finds its class: by the word under `kind`.
ResourceEntry = Annotated[AnyResource, Field(discriminator="kind")]


@dataclass(frozen=True)
class Profile:
    """Resources stand in the order in which their steps are to be taken."""

    name: str
    version: int
    title: str
    description: str
    resources: tuple[Resource[Any], ...]

    @property
    def facts(self) -> tuple[Fact[Any], ...]:
        """Everything that must be read to plan or verify this profile."""
        facts = (IDENTITY, *(fact for resource in self.resources for fact in resource.facts()))
        return tuple({fact.name: fact for fact in facts}.values())

    @property
    def apps(self) -> tuple[str, ...]:
        """Packages whose app files the caller must hold."""
        return tuple(resource.package for resource in self.resources if isinstance(resource, AppInstalled))

    def signed_by(self, certificates: Mapping[str, bytes]) -> Profile:
        """The same profile with its apps pinned to their signers, given as DER certificates by package."""
        pinned = (
            resource.signed_by(certificates[resource.package])
            if isinstance(resource, AppInstalled) and resource.package in certificates
            else resource
            for resource in self.resources
        )
        return replace(self, resources=tuple(pinned))
