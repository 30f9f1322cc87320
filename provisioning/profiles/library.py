"""All profiles, needs, wishes, quirks and rules there are: those that ship, and those in an installation's own folder.

A folder holds profiles as ``*.toml``, and beside them ``needs/``, ``wishes/`` and ``quirks/``, ``conflicts.toml`` and
``languages.toml``; each of them may be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from pydantic import ConfigDict

from provisioning.errors import ProfileInvalid
from provisioning.profiles.conflicts import Conflicts
from provisioning.profiles.files import read_file
from provisioning.profiles.layer import Layer
from provisioning.profiles.profile import Profile
from provisioning.profiles.quirk import Quirk
from provisioning.profiles.reading import load_layer, load_profile, load_quirk

BUILT_IN_FOLDER = Path(__file__).parent / "built_in"

_RULES = "conflicts.toml"
_LANGUAGES = "languages.toml"
_STRICT = ConfigDict(extra="forbid")

T = TypeVar("T", Profile, Layer, Quirk)


@dataclass(frozen=True)
class LanguageName:
    """`tag` is what Android is asked for, `title` the language in English, `own` as its speakers write it."""

    __pydantic_config__ = _STRICT

    tag: str
    title: str
    own: str


@dataclass(frozen=True)
class _LanguagesFile:
    __pydantic_config__ = _STRICT

    languages: Mapping[str, LanguageName]


@dataclass(frozen=True)
class Library:
    """Everything by its name. Profiles in it are as their files say, their needs not yet added."""

    profiles: Mapping[str, Profile] = field(default_factory=dict)
    needs: Mapping[str, Layer] = field(default_factory=dict)
    wishes: Mapping[str, Layer] = field(default_factory=dict)
    quirks: tuple[Quirk, ...] = ()
    conflicts: Conflicts = field(default_factory=Conflicts)
    languages: Mapping[str, LanguageName] = field(default_factory=dict)

    def profile(self, name: str) -> Profile:
        """Raises `ProfileInvalid` for a name that none has."""
        return _named(self.profiles, name, "profile")

    def need(self, name: str) -> Layer:
        """A need by its name or by another word for it. Raises `ProfileInvalid`."""
        return _named({**self.needs, **_other_words(self.needs)}, name, "need", self.needs)

    def wish(self, name: str) -> Layer:
        return _named({**self.wishes, **_other_words(self.wishes)}, name, "wish", self.wishes)

    def language(self, code: str) -> LanguageName:
        """A language by its code, as in ``pa``. Raises `ProfileInvalid`."""
        if code not in self.languages:
            known = ", ".join(sorted(self.languages))
            raise ProfileInvalid(f"There is no language “{code}” in {_LANGUAGES}. There are: {known}.")
        return self.languages[code]

    def title(self, origin: str) -> str:
        """How an origin such as ``need:low-vision`` is said to people."""
        kind, _, name = origin.partition(":")
        shelves: Mapping[str, Mapping[str, Profile] | Mapping[str, Layer]] = {
            "profile": self.profiles,
            "need": self.needs,
            "wish": self.wishes,
        }
        if kind == "language" and name in self.languages:
            return f"Reads {self.languages[name].title}"
        if kind == "gathering":
            return "Chosen gatherings"
        if kind == "quirk":
            return next((quirk.title for quirk in self.quirks if quirk.name == name), name)
        found = shelves.get(kind, {}).get(name)
        return found.title if found else name


@cache
def built_in_library() -> Library:
    """What ships with the product."""
    return _with_folder(Library(), BUILT_IN_FOLDER)


def load_library(folder: Path | None = None) -> Library:
    """What ships, and what an installation keeps in a folder of its own. Raises `ProfileInvalid`."""
    ships = built_in_library()
    if folder is None or not folder.is_dir():
        return ships
    return _with_folder(ships, folder)


def _with_folder(library: Library, folder: Path) -> Library:
    needs = _read_all(folder / "needs", lambda path: load_layer(path, "need"), library.needs)
    wishes = _read_all(folder / "wishes", lambda path: load_layer(path, "wish"), library.wishes)
    quirks = _read_all(folder / "quirks", load_quirk, {quirk.name: quirk for quirk in library.quirks})
    rules, names = folder / _RULES, folder / _LANGUAGES
    conflicts = read_file(rules, Conflicts) if rules.is_file() else Conflicts()
    languages = read_file(names, _LanguagesFile).languages if names.is_file() else {}
    found = replace(
        library,
        needs=needs,
        wishes=wishes,
        quirks=tuple(quirks.values()),
        # An installation's own rules come first, so that they can decide what ours decide otherwise.
        conflicts=conflicts.and_also(library.conflicts),
        languages={**library.languages, **languages},
    )
    profiles = _read_profiles(folder, library.profiles)
    for profile in profiles.values():
        _check_needs(profile, found)
    everything = tuple(replace(profile, quirks=found.quirks) for profile in profiles.values())
    in_order = sorted(everything, key=lambda profile: (profile.order, profile.name))
    return replace(found, profiles={profile.name: profile for profile in in_order})


def _read_all(folder: Path, read: Callable[[Path], T], before: Mapping[str, T]) -> dict[str, T]:
    found = dict(before)
    for path in sorted(folder.glob("*.toml")):
        one = read(path)
        _check_name(path, one.name, found)
        found[one.name] = one
    return found


def _read_profiles(folder: Path, before: Mapping[str, Profile]) -> dict[str, Profile]:
    """A profile may extend one of the same folder, so that each is read when it is first wanted."""
    paths = {path.stem: path for path in sorted(folder.glob("*.toml")) if path.name not in {_RULES, _LANGUAGES}}
    found, waiting = dict(before), list[str]()

    def read(name: str) -> Profile:
        if name in found:
            return found[name]
        if name not in paths:
            known = ", ".join(sorted({*found, *paths}))
            raise ProfileInvalid(f"{waiting[-1]}.toml, extends: there is no profile “{name}”. There are: {known}.")
        if name in waiting:
            raise ProfileInvalid(f"{name}.toml, extends: {' extends '.join([*waiting, name])}, without an end")
        waiting.append(name)
        profile = load_profile(paths[name], parent=read)
        waiting.pop()
        _check_name(paths[name], profile.name, found)
        found[name] = profile
        return profile

    for name in paths:
        if name in before:
            raise ProfileInvalid(f"{paths[name].name}: there is a profile “{name}” already; give it another name")
        read(name)
    return found


def _check_name(path: Path, name: str, found: Mapping[str, object]) -> None:
    if name != path.stem:
        raise ProfileInvalid(f"{path.name}, name: “{name}” must be the file's own name, “{path.stem}”")
    if name in found:
        raise ProfileInvalid(f"{path.name}: there is one named “{name}” already; give it another name")


def _check_needs(profile: Profile, library: Library) -> None:
    for name in profile.needs:
        if name not in library.needs:
            known = ", ".join(sorted(library.needs))
            raise ProfileInvalid(f"{profile.name}.toml, needs: there is no need “{name}”. There are: {known}.")


def _other_words(layers: Mapping[str, Layer]) -> dict[str, Layer]:
    return {word: layer for layer in layers.values() for word in layer.also}


def _named(shelf: Mapping[str, T], name: str, kind: str, listed: Mapping[str, T] | None = None) -> T:
    found = shelf.get(name) or shelf.get(name.replace("_", "-"))
    if found is None:
        known = ", ".join(listed or shelf)
        raise ProfileInvalid(f"There is no {kind} “{name}”. There are: {known}.")
    return found
