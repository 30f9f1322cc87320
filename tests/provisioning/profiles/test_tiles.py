"""Gatherings become tiles: first in line, as many as fit, in the person's look, on every profile."""

from __future__ import annotations

import json

import pytest

from provisioning.profiles.library import built_in_library
from provisioning.profiles.profile import Profile
from provisioning.profiles.resolve import resolve
from provisioning.profiles.tiles import Gathering, fitting, tiles, with_gatherings
from provisioning.resources.home_activity import HomeActivity
from provisioning.resources.tiles import HomeTiles

MUSIC = Gathering("Music morning", "music", 2, "10:30", "jitsi", "https://meet.example.org/MusicMorning")
SIX = tuple(Gathering(f"Music {number}", "music", 1, "", "web", "https://example.org/") for number in range(6))


def tiles_of(profile: Profile) -> HomeTiles:
    return next(each for each in profile.resources if isinstance(each, HomeTiles))


def test_a_gathering_comes_before_the_profiles_own_tiles_in_the_persons_look() -> None:
    profile = resolve(built_in_library().profile("large-clear"), ("low-vision",), language="pa")
    held = json.loads(tiles_of(with_gatherings(profile, [MUSIC])).text)
    assert (held["text_size_sp"], held["contrast"], held["language"]) == (36, "yellow_on_black", "pa")
    assert held["tiles"][0] == {
        "label": "Music morning",
        "picture": "music",
        "link": "https://meet.example.org/MusicMorning",
        "platform": "jitsi",
        "weekday": 2,
        "at": "10:30",
    }
    assert [tile["label"] for tile in held["tiles"][1:]] == ["Internet", "Photos", "Settings"]


@pytest.mark.parametrize(("need", "shown"), [("", 5), ("few-choices", 3)])
def test_as_many_are_shown_as_leave_a_place_for_help(need: str, shown: int) -> None:
    profile = resolve(built_in_library().profile("large-clear"), (need,) if need else ())
    assert fitting(profile, SIX) == shown
    held = json.loads(tiles_of(with_gatherings(profile, SIX)).text)
    assert [tile["label"] for tile in held["tiles"]] == [f"Music {number}" for number in range(shown)]


@pytest.mark.parametrize("name", list(built_in_library().profiles))
def test_every_profile_can_carry_one_and_none_loses_its_own_home_screen(name: str) -> None:
    profile = resolve(built_in_library().profile(name))
    tiled = with_gatherings(profile, [MUSIC])
    assert tiles_of(tiled).tiles[0].label == "Music morning"
    assert "org.doorstep.home" in tiled.apps
    assert [each.id for each in tiled.resources].count("tiles") == 1
    homes = [each for each in profile.resources if isinstance(each, HomeActivity)]
    assert [each for each in tiled.resources if isinstance(each, HomeActivity)] == homes
    assert with_gatherings(profile, []) is profile


def test_the_text_is_what_the_profile_would_push() -> None:
    profile = resolve(built_in_library().profile("large-clear"))
    assert tiles([MUSIC], tiles_of(profile)) == tiles_of(with_gatherings(profile, [MUSIC])).text
