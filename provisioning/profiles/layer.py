"""A layer: what one functional need, or one thing a person wishes for, adds to a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from provisioning.resources.resource import Resource

LayerKind = Literal["need", "wish"]


@dataclass(frozen=True)
class Layer:
    """`also` are other words for it, such as the code a person's record uses. `kind` says how much it weighs."""

    kind: LayerKind
    name: str
    version: int
    title: str
    description: str
    resources: tuple[Resource[Any], ...]
    also: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        return f"{self.kind}:{self.name}"
