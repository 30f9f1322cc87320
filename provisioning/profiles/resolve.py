"""Brings a profile and what one person needs, wishes for and reads together into one profile. Pure.

Every resource keeps who asked for it; wherever two asked for different things, a sentence says what was kept and why.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from provisioning.errors import ProfileInvalid
from provisioning.profiles.conflicts import Keep, value_of
from provisioning.profiles.layer import Layer
from provisioning.profiles.library import Library, built_in_library
from provisioning.profiles.profile import Profile
from provisioning.resources.app import AppInstalled
from provisioning.resources.language import Language, LanguageOfApp
from provisioning.resources.resource import Resource
from provisioning.resources.tiles import CONTRASTS, HomeTiles

AnyOne = Resource[Any]

_WHERE_LANGUAGE = "android.md 5.6"


@dataclass(frozen=True)
class _Asked:
    """One layer's wish for one resource. `weight` 0 is the profile, 1 a need, 2 what the person said they want."""

    weight: int
    resource: AnyOne


def resolve(
    profile: Profile,
    needs: Iterable[str] = (),
    *,
    language: str = "",
    wishes: Iterable[str] = (),
    library: Library | None = None,
) -> Profile:
    """The profile with these needs, wishes and language added to those it has.

    The order of needs does not matter, and adding one again changes nothing. Raises `ProfileInvalid` for a name that
    nothing has, and for two layers that differ where no rule says which to keep.
    """
    library = library or built_in_library()
    layers = _layers(profile, needs, wishes, library)
    language = language or profile.language
    decisions: list[str] = []
    asked = _by_id(profile, layers)
    merged = {id_: _one(found, library, decisions) for id_, found in asked.items()}
    if language:
        for resource in _speaking(language, tuple(merged.values()), library):
            merged.setdefault(resource.id, resource)
        merged = {id_: _in_words_of(language, resource) for id_, resource in merged.items()}
    kept = _without_dropped(merged, library, decisions)
    return replace(
        profile,
        resources=tuple(sorted(kept, key=lambda resource: resource.phase)),
        needs=tuple(layer.name for layer in layers if layer.kind == "need"),
        wishes=tuple(layer.name for layer in layers if layer.kind == "wish"),
        language=language,
        decisions=tuple(decisions),
        own=profile.own or profile.resources,
    )


def _layers(profile: Profile, needs: Iterable[str], wishes: Iterable[str], library: Library) -> tuple[Layer, ...]:
    """Needs before wishes, each kind by name: the order in which they were given says nothing."""
    asked = {library.need(name).name: library.need(name) for name in (*profile.needs, *needs)}
    wished = {library.wish(name).name: library.wish(name) for name in (*profile.wishes, *wishes)}
    return (*(asked[name] for name in sorted(asked)), *(wished[name] for name in sorted(wished)))


def _by_id(profile: Profile, layers: Sequence[Layer]) -> dict[str, list[_Asked]]:
    asked: dict[str, list[_Asked]] = {}
    for resource in profile.own or profile.resources:
        asked.setdefault(resource.id, []).append(_Asked(0, resource))
    for layer in layers:
        for resource in layer.resources:
            asked.setdefault(resource.id, []).append(_Asked(1 if layer.kind == "need" else 2, resource))
    return asked


def _one(asked: Sequence[_Asked], library: Library, decisions: list[str]) -> AnyOne:
    """What becomes of everything that was asked for under one id."""
    first = asked[0].resource
    if len(asked) == 1:
        return first
    if isinstance(first, HomeTiles):
        return _tiles([(each.weight, each.resource) for each in asked if isinstance(each.resource, HomeTiles)])
    rule = library.conflicts.keeping(first)
    weighed = _weighed(asked, rule)
    values = [value_of(each.resource) for each in weighed]
    value = _best(first, values, rule, weighed)
    winners = [each for each in weighed if value_of(each.resource) == value]
    kept = max(winners, key=lambda each: each.weight).resource
    losers = [each.resource for each in asked if value_of(each.resource) != value]
    if losers:
        because = _because(kept_for=weighed[0].weight, rule=rule)
        decisions.append(_decision(kept, losers, because, library))
    same = [each.resource for each in asked if value_of(each.resource) == value]
    return replace(kept, origins=_origins(same))


def _weighed(asked: Sequence[_Asked], rule: Keep | None) -> Sequence[_Asked]:
    """Whose values are compared: the person's own wishes alone; else all, where a rule can choose; else needs first."""
    for least in (2,) if rule else (2, 1):
        found = [each for each in asked if each.weight >= least]
        if found:
            return found
    return asked


def _best(first: AnyOne, values: list[str], rule: Keep | None, weighed: Sequence[_Asked]) -> str:
    if len(set(values)) == 1:
        return values[0]
    who = " and ".join(sorted({each.resource.origins[0] for each in weighed}))
    if rule is None:
        raise ProfileInvalid(
            f"{who} want different things of {first.id} ({', '.join(sorted(set(values)))}). "
            "Say in conflicts.toml which to keep."
        )
    try:
        return rule.best(values)
    except ValueError as error:
        raise ProfileInvalid(
            f"conflicts.toml cannot choose for {first.id} between {', '.join(sorted(set(values)))} of {who}: {error}"
        ) from error


def _because(*, kept_for: int, rule: Keep | None) -> str:
    if kept_for == 2:
        return "what a person says they want comes before everything else"
    return rule.because if rule else "a person's need comes before the profile"


def _decision(kept: AnyOne, losers: Sequence[AnyOne], because: str, library: Library) -> str:
    names = ", ".join(f"{value_of(each)} ({_titles(each, library)})" for each in losers)
    return f"{kept.sentence}: kept {value_of(kept)} ({_titles(kept, library)}) over {names}, because {because}."


def _titles(resource: AnyOne, library: Library) -> str:
    return " and ".join(library.title(origin) for origin in resource.origins)


def _origins(resources: Iterable[AnyOne]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(origin for resource in resources for origin in resource.origins))


def _tiles(asked: Sequence[tuple[int, HomeTiles]]) -> HomeTiles:
    """Fewest tiles, largest words, strongest contrast (or the wished one); first the profile's tiles, then others."""
    everyone = [tiles for _, tiles in asked]
    named = [(weight, tiles.contrast) for weight, tiles in asked if tiles.contrast]
    chosen = [contrast for weight, contrast in named if weight == 2] or [contrast for _, contrast in named]
    by_label = {tile.label: tile for tiles in reversed(everyone) for tile in tiles.tiles}
    order = dict.fromkeys(tile.label for tiles in everyone for tile in tiles.tiles)
    return replace(
        everyone[0],
        tiles=tuple(by_label[label] for label in order),
        most=min(tiles.most for tiles in everyone),
        text_size_sp=max(tiles.text_size_sp for tiles in everyone),
        contrast=min(chosen, key=CONTRASTS.index, default=""),
        help_text=next((tiles.help_text for tiles in everyone if tiles.help_text), ""),
        origins=_origins(everyone),
    )


def _speaking(code: str, resources: Sequence[AnyOne], library: Library) -> tuple[AnyOne, ...]:
    """The tablet's own language, and that of each app the profile brings."""
    name = library.language(code)
    told: dict[str, Any] = {
        "reason": f"Reads {name.title}",
        "source": _WHERE_LANGUAGE,
        "origins": (f"language:{code}",),
    }
    apps = tuple(
        LanguageOfApp(package=each.package, app=each.title, tag=name.tag, title=name.title, **told)
        for each in resources
        if isinstance(each, AppInstalled)
    )
    return (Language(tag=name.tag, title=name.title, own=name.own, **told), *apps)


def _in_words_of(code: str, resource: AnyOne) -> AnyOne:
    """The home screen's own words are the person's too."""
    return replace(resource, language=code) if isinstance(resource, HomeTiles) else resource


def _without_dropped(merged: dict[str, AnyOne], library: Library, decisions: list[str]) -> list[AnyOne]:
    kept = dict(merged)
    for rule in library.conflicts.drop:
        if not rule.holds(kept):
            continue
        for resource in [each for each in kept.values() if rule.means(each)]:
            del kept[resource.id]
            decisions.append(f"Left out: {resource.sentence} ({_titles(resource, library)}), because {rule.because}.")
    return list(kept.values())
