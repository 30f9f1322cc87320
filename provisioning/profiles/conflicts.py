"""What happens when two layers ask for different things: rules written as data, each with its reason in words."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import ConfigDict

from provisioning.facts.plain import digest, to_plain
from provisioning.resources.resource import Resource

_STRICT = ConfigDict(extra="forbid")

# Which part of a resource its layers may disagree on, by the word under `kind`.
_VALUES = {
    "setting": "value",
    "density": "percent",
    "volume": "percent",
    "night": "mode",
    "app": "min_version",
    "accessibility_service": "on",
    "do_not_disturb": "mode",
    "app_operation": "mode",
    "time_zone": "zone",
    "language": "tag",
    "app_language": "tag",
    "home": "package",
}

_WORDS = frozenset({"reason", "source", "origins", "means", "title"})


@dataclass(frozen=True)
class Keep:
    """Of different values for a resource (its id, with ``*``), which one stays: an end, or the first in a list.

    `because` ends the sentence “Kept …, because”.
    """

    __pydantic_config__ = _STRICT

    resource: str
    which: Literal["largest", "smallest"] | tuple[str, ...]
    because: str

    def best(self, values: list[str]) -> str:
        """Raises `ValueError` for a value that the list does not name, or that is no number."""
        if isinstance(self.which, tuple):
            return min(values, key=self.which.index)
        return (max if self.which == "largest" else min)(values, key=float)


@dataclass(frozen=True)
class Drop:
    """Resources (ids, with ``*``) that are left out while the resource `when` is asked for, or while `unless` is not.

    `value` narrows `when` to one value of it. `because` ends the sentence “… was left out, because”.
    """

    __pydantic_config__ = _STRICT

    resources: tuple[str, ...]
    because: str
    when: str = ""
    value: str = ""
    unless: str = ""

    def __post_init__(self) -> None:
        if bool(self.when) == bool(self.unless):
            raise ValueError("it needs either when or unless")

    def holds(self, asked: dict[str, Resource[Any]]) -> bool:
        """Whether the resources in `when` or `unless` ask for something to be left out."""
        if self.unless:
            return self.unless not in asked
        found = asked.get(self.when)
        return found is not None and (not self.value or value_of(found) == self.value)

    def means(self, resource: Resource[Any]) -> bool:
        return any(fnmatchcase(resource.id, pattern) for pattern in self.resources)


@dataclass(frozen=True)
class Conflicts:
    """All the rules; the first that fits a resource counts."""

    __pydantic_config__ = _STRICT

    keep: tuple[Keep, ...] = ()
    drop: tuple[Drop, ...] = ()

    def keeping(self, resource: Resource[Any]) -> Keep | None:
        return next((rule for rule in self.keep if fnmatchcase(resource.id, rule.resource)), None)

    def and_also(self, others: Conflicts) -> Conflicts:
        return Conflicts((*self.keep, *others.keep), (*self.drop, *others.drop))


def value_of(resource: Resource[Any]) -> str:
    """The part of a resource that layers may disagree on, as text."""
    name = _VALUES.get(str(getattr(resource, "kind", "")))
    if name is None:
        said = {key: value for key, value in to_plain(resource).items() if key not in _WORDS}
        return f"contents {digest(said)[:8]}"
    value = getattr(resource, name)
    return str(value).lower() if isinstance(value, bool) else str(value)
