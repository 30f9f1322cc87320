"""An installation's own folder: profiles, needs, quirks and rules that need no Python, and mistakes in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioning.errors import ProfileInvalid
from provisioning.profiles.library import built_in_library, load_library
from provisioning.profiles.loader import built_in_profile, ready_profiles
from provisioning.profiles.resolve import resolve

HEAD = 'name = "{name}"\nversion = 1\ntitle = "{name} title"\ndescription = "For tests."\n'
FONT = (
    '\n[[resource]]\nkind = "setting"\nnamespace = "system"\nkey = "font_scale"\n'
    'value = "{value}"\nmeans = "Large"\nreason = "Read"\nsource = "test"\n'
)
PULSE = (
    '\n[[resource]]\nkind = "setting"\nnamespace = "system"\nkey = "notification_light_pulse"\n'
    'value = "{value}"\nmeans = "A light"\nreason = "Seen"\nsource = "test"\n'
)


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def head(name: str) -> str:
    return HEAD.format(name=name)


def test_a_file_in_the_folder_is_a_profile(tmp_path: Path) -> None:
    write(tmp_path, "our-own.toml", head("our-own") + 'extends = "large-clear"\n' + FONT.format(value="1.15"))
    library = load_library(tmp_path)
    profile = library.profile("our-own")
    font = next(each for each in profile.resources if each.id == "setting/system/font_scale")
    assert (vars(font)["value"], font.origins) == ("1.15", ("profile:our-own",))
    assert profile.needs == ("new-to-tablets",), "what it extends brings its needs"
    assert [each.name for each in ready_profiles(library)][-1] == "our-own"
    assert "our-own" not in built_in_library().profiles


def test_what_is_not_wanted_of_the_profile_above_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "bare.toml", head("bare") + 'extends = "large-clear"\nwithout = ["home", "tiles"]\n')
    ids = {resource.id for resource in load_library(tmp_path).profile("bare").resources}
    assert "app/org.doorstep.home" in ids
    assert not {"home", "tiles"} & ids


def test_a_need_and_its_rule_are_files_too(tmp_path: Path) -> None:
    write(tmp_path, "needs/sparkle.toml", head("sparkle") + PULSE.format(value="1"))
    write(tmp_path, "needs/dull.toml", head("dull") + PULSE.format(value="0"))
    with pytest.raises(ProfileInvalid, match=r"want different things of setting/system/notification_light_pulse"):
        resolve(built_in_profile("standard"), ["sparkle", "dull"], library=load_library(tmp_path))
    rule = '[[keep]]\nresource = "setting/system/*_pulse"\nwhich = "smallest"\nbecause = "dull suits both"\n'
    write(tmp_path, "conflicts.toml", rule)
    profile = resolve(built_in_profile("standard"), ["sparkle", "dull"], library=load_library(tmp_path))
    assert "A light: kept 0 (dull title) over 1 (sparkle title), because dull suits both." in profile.decisions


def test_an_own_rule_comes_before_ours(tmp_path: Path) -> None:
    rule = '[[keep]]\nresource = "setting/system/font_scale"\nwhich = "smallest"\nbecause = "we say so"\n'
    write(tmp_path, "conflicts.toml", rule)
    profile = resolve(built_in_profile("standard"), ["low-vision"], library=load_library(tmp_path))
    font = next(each for each in profile.resources if each.id == "setting/system/font_scale")
    assert vars(font)["value"] == "1.0"


def test_an_own_language_is_a_line_in_a_file(tmp_path: Path) -> None:
    write(tmp_path, "languages.toml", '[languages.yo]\ntag = "yo-NG"\ntitle = "Yoruba"\nown = "Èdè Yorùbá"\n')
    profile = resolve(built_in_profile("standard"), language="yo", library=load_library(tmp_path))
    assert profile.resources[-2].sentence == "The tablet speaks Yoruba"


def test_a_folder_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    assert load_library(tmp_path / "none") is built_in_library()


PROTECTED = (
    '[[resource]]\nkind = "package_disabled"\npackage = "{package}"\ntitle = "x"\nreason = "y"\nsource = "test"\n'
)


@pytest.mark.parametrize(
    "package",
    [
        "com.android.systemui",
        "com.android.settings",
        "com.google.android.gms",
        "com.google.android.webview",
        "com.google.android.inputmethod.latin",
        "com.android.providers.telephony",
        "com.samsung.android.kgclient",
        "org.doorstep.home",
    ],
)
@pytest.mark.parametrize("name", ["p.toml", "needs/p.toml", "wishes/p.toml", "quirks/p.toml"])
def test_no_file_of_any_kind_can_switch_off_what_is_protected(tmp_path: Path, name: str, package: str) -> None:
    top = 'name = "p"\nversion = 1\ntitle = "P"\n'
    top += 'source = "x"\n' if name.startswith("quirks") else 'description = "For tests."\n'
    write(tmp_path, name, top + PROTECTED.format(package=package))
    with pytest.raises(ProfileInvalid) as refusal:
        load_library(tmp_path)
    assert f"p.toml line 5, resource 1 (package_disabled): {package} is protected" in str(refusal.value)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"a.toml": head("b") + FONT.format(value="1.3")}, "a.toml, name: “b” must be the file's own name, “a”"),
        ({"standard.toml": head("standard") + FONT.format(value="1.3")}, "there is a profile “standard” already"),
        ({"a.toml": head("a") + 'extends = "nobody"\n'}, "a.toml, extends: there is no profile “nobody”"),
        ({"a.toml": head("a") + 'extends = "a"\n'}, "a.toml, extends: a extends a, without an end"),
        (
            {"a.toml": head("a") + 'extends = "b"\n', "b.toml": head("b") + 'extends = "a"\n'},
            "extends: a extends b extends a, without an end",
        ),
        ({"a.toml": head("a")}, "a.toml, resource: a profile that extends no other must ask for something"),
        (
            {"a.toml": head("a") + 'extends = "standard"\nwithout = ["home"]\n'},
            "a.toml, without: standard does not ask for home",
        ),
        ({"a.toml": head("a") + 'extends = "standard"\nneeds = ["x"]\n'}, "a.toml, needs: there is no need “x”"),
        ({"needs/blind.toml": head("blind")}, "blind.toml: there is one named “blind” already"),
        (
            {"a.toml": head("a") + FONT.format(value="1.3") + 'origins = ["x"]\n'},
            "a.toml line 6, resource 1, origins: it is worked out, never written",
        ),
        ({"conflicts.toml": '[[drop]]\nresources = ["x"]\nbecause = "y"\n'}, "conflicts.toml line 1, drop 1: it needs"),
        (
            {"quirks/q.toml": 'name = "q"\nversion = 1\ntitle = "Q"\nsource = "x"\n[match]\nmodle = "x"\n'},
            "q.toml, match.modle: Unexpected",
        ),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, files: dict[str, str], words: str) -> None:
    for name, text in files.items():
        write(tmp_path, name, text)
    with pytest.raises(ProfileInvalid) as refusal:
        load_library(tmp_path)
    assert words in str(refusal.value)


def test_a_rule_that_cannot_choose_says_so(tmp_path: Path) -> None:
    write(tmp_path, "needs/odd.toml", head("odd") + PULSE.format(value="odd"))
    write(tmp_path, "needs/even.toml", head("even") + PULSE.format(value="even"))
    rule = '[[keep]]\nresource = "setting/system/*"\nwhich = "largest"\nbecause = "x"\n'
    write(tmp_path, "conflicts.toml", rule)
    with pytest.raises(ProfileInvalid, match=r"conflicts\.toml cannot choose .* between even, odd"):
        resolve(built_in_profile("standard"), ["odd", "even"], library=load_library(tmp_path))
