"""Profiles: what a file may say, and how a mistake in one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.errors import ProfileInvalid
from provisioning.profiles.loader import BUILT_IN, built_in_profile, built_in_profiles
from provisioning.profiles.reading import load_profile

HEAD = 'name = "sample"\nversion = 1\ntitle = "Sample"\ndescription = "For tests."\n'
FONT = (
    '\n[[resource]]\nkind = "setting"\nnamespace = "system"\nkey = "font_scale"\n'
    'value = "1.3"\nmeans = "Large"\nreason = "Read"\n'
)


def written(folder: Path, text: str) -> Path:
    path = folder / "sample.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_built_in_profile_loads_and_is_named_like_its_file() -> None:
    assert tuple(profile.name for profile in built_in_profiles()) == BUILT_IN


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_resource_of_a_built_in_profile_says_why_and_where_that_is_written(name: str) -> None:
    for resource in built_in_profile(name).resources:
        assert resource.reason, resource.id
        assert resource.source, resource.id
        assert resource.sentence[0].isupper(), resource.id


def test_large_and_clear_needs_its_home_app_from_the_library() -> None:
    assert built_in_profile("large-clear").apps == ("org.doorstep.home",)


def test_a_file_beside_the_profile_becomes_the_text_to_write(tmp_path: Path) -> None:
    (tmp_path / "tiles.json").write_text("{}\n", encoding="utf-8")
    file = '[[resource]]\nkind = "file"\npath = "/sdcard/t.json"\nfrom_file = "tiles.json"\nmeans = "x"\nreason = "y"\n'
    profile = load_profile(written(tmp_path, HEAD + file))
    assert vars(profile.resources[0])["text"] == "{}\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name = ", "sample.toml is not valid TOML: Invalid value (at end of document)"),
        (HEAD.replace("version = 1\n", "") + FONT, "sample.toml, version: Field required"),
        (HEAD + FONT.replace('"1.3"', '"9"'), "sample.toml line 6, resource 1 (setting): “9” is not a value"),
        (HEAD + FONT.replace('"system"', '"sys"'), "sample.toml line 6, resource 1 (setting), namespace: Input should"),
        (HEAD + FONT.replace('kind = "setting"', 'kind = "set"'), "sample.toml line 6, resource 1 (set): Input tag"),
        (HEAD + FONT + 'colour = "red"\n', "sample.toml line 6, resource 1 (setting), colour: Unexpected"),
        (HEAD + FONT + FONT, "sample.toml: setting/system/font_scale is asked for twice"),
        (HEAD + 'author = "x"\n' + FONT, "sample.toml, author: Unexpected"),
        (HEAD + "resource = 3\n", "sample.toml, resource: Input should be a valid tuple"),
        (HEAD + "resource = [3]\n", "sample.toml, resource 1: Input should be"),
        (
            HEAD + FONT + '[[resource]]\nkind = "file"\nfrom_file = "../x"\n',
            "sample.toml line 13, resource 2: from_file must name a file in the profile's folder",
        ),
        (
            HEAD + FONT + '[[resource]]\nkind = "file"\nfrom_file = "none.json"\n',
            "sample.toml line 13, resource 2: none.json cannot be read",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file_and_place(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ProfileInvalid) as refusal:
        load_profile(written(tmp_path, text))
    assert words in str(refusal.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProfileInvalid, match=r"none\.toml cannot be read"):
        load_profile(tmp_path / "none.toml")


def test_a_profile_that_nobody_ships_is_answered_with_those_there_are() -> None:
    with pytest.raises(ProfileInvalid, match="standard, large-clear, low-vision"):
        built_in_profile("huge")
