"""Reads one profile, layer or quirk from its file; the library puts them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import ConfigDict

from provisioning.errors import ProfileInvalid
from provisioning.profiles.entries import ResourceEntry
from provisioning.profiles.files import read_file
from provisioning.profiles.layer import Layer, LayerKind
from provisioning.profiles.profile import Profile
from provisioning.profiles.quirk import Quirk
from provisioning.resources.resource import Resource

_STRICT = ConfigDict(extra="forbid")


@dataclass(frozen=True)
class _ProfileFile:
    """The shape of a profile's file. `extends` is another profile whose resources this one changes and adds to;
    `without` are ids of its resources that are left out.
    """

    __pydantic_config__ = _STRICT

    name: str
    version: int
    title: str
    description: str
    extends: str = ""
    without: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    debugging_off: bool | None = None
    order: int = 50
    resource: tuple[ResourceEntry, ...] = ()


@dataclass(frozen=True)
class _LayerFile:
    __pydantic_config__ = _STRICT

    name: str
    version: int
    title: str
    description: str
    also: tuple[str, ...] = ()
    resource: tuple[ResourceEntry, ...] = ()


def load_profile(path: Path, *, parent: Callable[[str], Profile] | None = None) -> Profile:
    """Read one profile's file. `parent` finds the profile it extends, and says so itself where there is none.

    The needs it names are not added yet: `resolve` does that. Raises `ProfileInvalid`.
    """
    file = read_file(path, _ProfileFile)
    _refuse_twins(path, file.resource)
    own = _from(file.resource, f"profile:{file.name}")
    if not file.extends:
        if not own:
            raise ProfileInvalid(f"{path.name}, resource: a profile that extends no other must ask for something")
        return _profile(file, own, None)
    if parent is None:
        raise ProfileInvalid(f"{path.name}, extends: a profile read by itself cannot extend “{file.extends}”")
    above = parent(file.extends)
    return _profile(file, _changed(path, file, own, above), above)


def load_layer(path: Path, kind: LayerKind) -> Layer:
    """Read what one need or wish adds. Raises `ProfileInvalid`."""
    file = read_file(path, _LayerFile)
    _refuse_twins(path, file.resource)
    return Layer(
        kind,
        file.name,
        file.version,
        file.title,
        file.description,
        _from(file.resource, f"{kind}:{file.name}"),
        file.also,
    )


def load_quirk(path: Path) -> Quirk:
    """Read what is different on one make of tablet. Raises `ProfileInvalid`."""
    quirk = read_file(path, Quirk)
    _refuse_twins(path, quirk.resource)
    return quirk


def _profile(file: _ProfileFile, own: tuple[Resource[Any], ...], above: Profile | None) -> Profile:
    off = file.debugging_off if file.debugging_off is not None else above is not None and above.debugging_off
    needs = tuple(sorted({*file.needs, *(above.needs if above else ())}))
    return Profile(
        file.name,
        file.version,
        file.title,
        file.description,
        own,
        needs=needs,
        own=own,
        debugging_off=off,
        order=file.order,
    )


def _changed(
    path: Path, file: _ProfileFile, own: tuple[Resource[Any], ...], above: Profile
) -> tuple[Resource[Any], ...]:
    """What the profile above asks for, with this one's changes in the same places and its additions behind."""
    ids = {resource.id for resource in above.own}
    for name in file.without:
        if name not in ids:
            raise ProfileInvalid(f"{path.name}, without: {above.name} does not ask for {name}")
    changes = {resource.id: resource for resource in own}
    kept = tuple(changes.get(each.id, each) for each in above.own if each.id not in file.without)
    return (*kept, *(resource for resource in own if resource.id not in ids))


def _from(resources: Iterable[Resource[Any]], origin: str) -> tuple[Resource[Any], ...]:
    return tuple(replace(resource, origins=(origin,)) for resource in resources)


def _refuse_twins(path: Path, resources: Iterable[Resource[Any]]) -> None:
    seen: set[str] = set()
    for resource in resources:
        if resource.id in seen:
            raise ProfileInvalid(f"{path.name}: {resource.id} is asked for twice; a tablet can only be one of the two")
        seen.add(resource.id)
