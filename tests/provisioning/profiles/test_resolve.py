"""A profile, a person's needs, wishes and language brought together: who asked, what was kept, and in any order."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from provisioning.errors import ProfileInvalid
from provisioning.profiles.library import built_in_library
from provisioning.profiles.loader import BUILT_IN, built_in_profile
from provisioning.profiles.profile import Profile
from provisioning.profiles.resolve import resolve
from provisioning.resources.resource import Resource
from provisioning.resources.tiles import HomeTiles

LIBRARY = built_in_library()
NEEDS = tuple(LIBRARY.needs)
WISHES = tuple(LIBRARY.wishes)
LANGUAGES = tuple(LIBRARY.languages)

some_needs = st.lists(st.sampled_from(NEEDS), max_size=5)
some_wishes = st.sets(st.sampled_from(("dark", "largest-words", "no-lock-screen", "quiet")))
a_profile = st.sampled_from(BUILT_IN)
a_language = st.sampled_from(("", *LANGUAGES))


def asked(profile: Profile, resource: str) -> Resource[Any]:
    return next(each for each in profile.resources if each.id == resource)


def ids(profile: Profile) -> set[str]:
    return {resource.id for resource in profile.resources}


def test_low_vision_and_punjabi_is_one_call() -> None:
    profile = resolve(built_in_profile("large-clear"), ["low-vision"], language="pa")
    assert vars(asked(profile, "setting/system/font_scale"))["value"] == "1.5"
    assert asked(profile, "setting/system/font_scale").origins == ("need:low-vision",)
    assert vars(asked(profile, "language"))["tag"] == "pa-IN"
    assert asked(profile, "language").origins == ("language:pa",)
    assert asked(profile, "app_language/org.doorstep.home").reason == "Reads Punjabi"


@given(a_profile, some_needs, some_wishes, a_language, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=60)
def test_the_order_of_needs_does_not_matter(
    name: str, needs: list[str], wishes: set[str], language: str, chance: Any
) -> None:
    shuffled = list(needs) * 2
    chance.shuffle(shuffled)
    profile = built_in_profile(name)
    one = resolve(profile, needs, wishes=wishes, language=language)
    assert resolve(profile, shuffled, wishes=sorted(wishes, reverse=True), language=language) == one


@given(a_profile, some_needs, some_needs, a_language)
@settings(deadline=None, max_examples=60)
def test_adding_needs_again_or_one_after_another_changes_nothing(
    name: str, first: list[str], then: list[str], language: str
) -> None:
    together = resolve(built_in_profile(name), [*first, *then], language=language)
    assert resolve(resolve(built_in_profile(name), first, language=language), then) == together
    assert resolve(together, first, language=language) == together


@given(a_profile, some_needs, some_wishes, a_language)
@settings(deadline=None, max_examples=60)
def test_everything_asked_for_has_a_reason_and_somebody_who_asked(
    name: str, needs: list[str], wishes: set[str], language: str
) -> None:
    profile = resolve(built_in_profile(name), needs, wishes=wishes, language=language)
    known = {f"need:{each}" for each in profile.needs} | {f"wish:{each}" for each in wishes} | {f"language:{language}"}
    for resource in profile.resources:
        assert resource.reason
        assert resource.source
        assert resource.origins
        for origin in resource.origins:
            assert origin.startswith("profile:") or origin in known
            assert LIBRARY.title(origin) != origin.partition(":")[2], "people are shown a title, not a name"
    assert len(ids(profile)) == len(profile.resources)


@pytest.mark.parametrize("pair", list(combinations(NEEDS, 2)), ids="+".join)
def test_any_two_needs_can_be_one_persons(pair: tuple[str, str]) -> None:
    assert resolve(built_in_profile("standard"), pair).needs == tuple(sorted(pair))


def test_the_larger_of_two_sizes_of_words_is_kept_and_a_sentence_says_why() -> None:
    profile = resolve(built_in_profile("standard"), ["new-to-tablets", "low-vision"])
    assert vars(asked(profile, "setting/system/font_scale"))["value"] == "1.5"
    assert (
        "Words are very large: kept 1.5 (Low vision) over 1.0 (Standard), 1.3 (New to tablets), "
        "because the larger words can be read by both." in profile.decisions
    )


def test_two_who_ask_for_the_same_are_both_named() -> None:
    profile = resolve(built_in_profile("standard"), ["calm", "cognitive-ease"])
    assert asked(profile, "setting/global/window_animation_scale").origins == ("need:calm", "need:cognitive-ease")


def test_a_screen_reader_ends_magnification_and_the_simple_home_screen_and_leaves_captions() -> None:
    profile = resolve(built_in_profile("large-clear"), ["blind", "low-vision", "hearing"])
    gone = {"setting/secure/accessibility_display_magnification_enabled", "home", "tiles", "app/org.doorstep.home"}
    assert not gone & ids(profile)
    assert "setting/secure/accessibility_captioning_enabled" in ids(profile)
    told = [sentence for sentence in profile.decisions if sentence.startswith("Left out: The Home button")]
    assert "no simple home screen has been tested with TalkBack" in told[0]


def test_the_fewest_tiles_win_with_the_largest_words() -> None:
    profile = resolve(built_in_profile("large-clear"), ["cognitive-ease", "low-vision", "low-confidence"])
    tiles = asked(profile, "tiles")
    assert isinstance(tiles, HomeTiles)
    assert (tiles.most, tiles.text_size_sp, tiles.contrast) == (4, 36, "yellow_on_black")
    assert tiles.help_text.startswith("You cannot break this tablet.")
    assert [tile.label for tile in tiles.tiles] == ["Internet", "Photos", "Settings"]
    assert set(tiles.origins) == {
        "profile:large-clear",
        "need:cognitive-ease",
        "need:low-vision",
        "need:low-confidence",
    }


def test_a_need_says_nothing_about_tiles_where_there_are_none() -> None:
    assert "tiles" not in ids(resolve(built_in_profile("standard"), ["cognitive-ease"]))


def test_what_the_person_says_they_want_beats_needs_and_profile() -> None:
    profile = resolve(built_in_profile("large-clear"), ["low-vision"], wishes=["light", "usual-words"])
    assert vars(asked(profile, "night"))["mode"] == "no"
    assert vars(asked(profile, "setting/system/font_scale"))["value"] == "1.0"
    assert vars(asked(profile, "tiles"))["contrast"] == "light"
    (told,) = [sentence for sentence in profile.decisions if "kept no (Wants a light screen" in sentence]
    assert told.endswith("because what a person says they want comes before everything else.")


def test_a_lock_screen_goes_only_where_the_person_wished_it() -> None:
    everything = resolve(built_in_profile("large-clear"), NEEDS)
    assert "lock_screen" not in ids(everything)
    assert "lock_screen" in ids(resolve(everything, wishes=["no-lock-screen"]))


def test_the_clock_comes_first_and_a_screen_reader_after_everything_that_taps() -> None:
    order = [resource.id for resource in resolve(built_in_profile("standard"), ["blind", "steady-hands"]).resources]
    assert order[0] == "time_zone"
    assert order[-2:] == ["accessibility_service/talkback", "bench_folder"]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("large_text", "low-vision"),
        ("screen_reader", "blind"),
        ("captions", "hearing"),
        ("few_choices", "cognitive-ease"),
    ],
)
def test_the_words_of_a_persons_record_name_the_same_needs(code: str, name: str) -> None:
    assert resolve(built_in_profile("standard"), [code]).needs == (name,)


@pytest.mark.parametrize(
    ("needs", "wishes", "language", "words"),
    [
        (["diabetes"], [], "", "There is no need “diabetes”. There are: blind, "),
        ([], ["a pony"], "", "There is no wish “a pony”"),
        ([], [], "xx", "There is no language “xx” in languages.toml"),
    ],
)
def test_a_name_that_nothing_has_is_answered_with_those_there_are(
    needs: list[str], wishes: list[str], language: str, words: str
) -> None:
    with pytest.raises(ProfileInvalid) as refusal:
        resolve(built_in_profile("standard"), needs, wishes=wishes, language=language)
    assert words in str(refusal.value)
