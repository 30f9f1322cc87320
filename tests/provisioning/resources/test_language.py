"""A person's language: by command where a tablet offers it, app by app from Android 13, else by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import NeedsPerson, Unsupported
from provisioning.facts.languages import SYSTEM_LANGUAGE, AppLanguage, SystemLanguage, app_language
from provisioning.resources.language import Language, LanguageOfApp, same_language
from tests.provisioning.observations import observed

PUNJABI = Language(tag="pa-IN", title="Punjabi", own="ਪੰਜਾਬੀ", reason="Reads Punjabi")
MEET = "org.example.meet"
APP = LanguageOfApp(package=MEET, app="Meet", tag="pa-IN", title="Punjabi", reason="Reads Punjabi")


def speaks(*tags: str, can_set: bool = False) -> SystemLanguage:
    return SystemLanguage(tags, can_set)


def test_a_tablet_that_offers_it_is_told_its_language() -> None:
    (step,) = PUNJABI.steps(observed({SYSTEM_LANGUAGE: speaks("en-GB", can_set=True)}))
    assert step.shown() == ("cmd locale set-device-locale pa-IN",)


def test_elsewhere_a_person_chooses_it_by_the_name_its_speakers_write() -> None:
    with pytest.raises(NeedsPerson, match="“ਪੰਜਾਬੀ” \\(Punjabi\\)") as asked:
        PUNJABI.steps(observed({SYSTEM_LANGUAGE: speaks("en-GB", "pa-IN")}))
    assert asked.value.screen == "android.settings.LOCALE_SETTINGS"


@pytest.mark.parametrize("tag", ["pa-IN", "pa", "pa-Guru-IN"])
def test_a_tablet_that_speaks_it_first_needs_nothing(tag: str) -> None:
    assert PUNJABI.steps(observed({SYSTEM_LANGUAGE: speaks(tag, "en-GB")})) == ()


def test_an_app_is_told_its_language() -> None:
    (step,) = APP.steps(observed({app_language(MEET): AppLanguage((), supported=True)}))
    assert step.shown() == ("cmd locale set-app-locales org.example.meet --user 0 --locales pa-IN",)
    assert APP.steps(observed({app_language(MEET): AppLanguage(("pa",), supported=True)})) == ()


def test_before_android_13_apps_follow_the_tablet() -> None:
    with pytest.raises(Unsupported):
        APP.steps(observed({app_language(MEET): AppLanguage((), supported=False)}))


@pytest.mark.parametrize(
    ("wanted", "found", "same"),
    [
        ("en-GB", "en-US", True),
        ("zh-Hans-CN", "zh-SG", True),
        ("zh-Hans-CN", "zh-HK", False),
        ("zh-Hant-HK", "zh-Hant-TW", True),
        ("zh-Hans-CN", "zh", True),
        ("pa-IN", "pa-PK", False),
        ("pa-IN", "pl-PL", False),
        ("ur-PK", "ur", True),
    ],
)
def test_the_country_does_not_matter_and_the_writing_does(wanted: str, found: str, *, same: bool) -> None:
    assert same_language(wanted, found) is same


TAGS = st.from_regex(r"[a-z]{2}(-[A-Z][a-z]{3})?(-[A-Z]{2})?", fullmatch=True)


@given(TAGS, TAGS)
def test_sameness_has_no_direction(one: str, other: str) -> None:
    assert same_language(one, one)
    assert same_language(one, other) is same_language(other, one)


@pytest.mark.parametrize("tag", ["punjabi", "pa_IN", "pa-IN; reboot", ""])
def test_what_is_no_tag_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="not a language's tag"):
        Language(tag=tag, title="x", own="x", reason="x")
