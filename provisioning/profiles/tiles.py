"""Gatherings as tiles on the home screen: the profile that has them, and the text that Doorstep Home reads. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from provisioning.profiles.profile import Profile
from provisioning.resources.app import AppInstalled
from provisioning.resources.resource import Resource
from provisioning.resources.tiles import HOME_APP, HomeTiles, Platform, Tile

_REASON = "A gathering that was chosen is one tap away"
_SOURCE = "domain.md A1"
_ORIGIN = "gathering:chosen"
_HOME_TITLE = "Doorstep Home"
_HOME_MIN_SDK = 24


@dataclass(frozen=True)
class Gathering:
    """A meeting as its tile says it: `weekday` is 1 for Monday to 7, `at` a local time such as 10:30."""

    title: str
    picture: str
    weekday: int
    at: str
    platform: Platform
    link: str


def tiles(gatherings: Sequence[Gathering], look: HomeTiles) -> str:
    """What Doorstep Home reads: these gatherings first, then the tiles that `look` has, in its size and contrast."""
    return _together(gatherings, look).text


def fitting(profile: Profile, gatherings: Sequence[Gathering]) -> int:
    """How many of them get a tile: somebody who needs few things gets few, and Help is always there."""
    return len(gatherings[: _look(profile).most - 1])


def with_gatherings(profile: Profile, gatherings: Sequence[Gathering]) -> Profile:
    """The profile with a tile for each gathering that fits. Where it keeps Android's own home screen it gets Doorstep
    Home beside that: tiles need an app to stand in.
    """
    if not gatherings:
        return profile
    tiled = _together(gatherings, _look(profile))
    home = AppInstalled(
        package=HOME_APP,
        title=_HOME_TITLE,
        min_version=1,
        min_sdk=_HOME_MIN_SDK,
        reason=_REASON,
        source=_SOURCE,
        origins=(_ORIGIN,),
    )
    kept: dict[str, Resource[Any]] = {home.id: home} | {each.id: each for each in profile.resources}
    kept[tiled.id] = tiled
    return replace(profile, resources=tuple(sorted(kept.values(), key=lambda resource: resource.phase)))


def _look(profile: Profile) -> HomeTiles:
    found = next((each for each in profile.resources if isinstance(each, HomeTiles)), None)
    return found or HomeTiles(language=profile.language, reason=_REASON, source=_SOURCE)


def _together(gatherings: Sequence[Gathering], look: HomeTiles) -> HomeTiles:
    first = tuple(_tile(each) for each in gatherings)
    return replace(look, tiles=(*first, *look.tiles), origins=(*look.origins, _ORIGIN))


def _tile(gathering: Gathering) -> Tile:
    return Tile(
        label=gathering.title,
        picture=gathering.picture,
        link=gathering.link,
        platform=gathering.platform,
        weekday=gathering.weekday,
        at=gathering.at,
    )
