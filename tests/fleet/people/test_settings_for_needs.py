"""What is recorded of a person and what a tablet can be set to are two lists in two packages: they must agree."""

from __future__ import annotations

import pytest

from fleet.people.rules import SETTING_NEEDS, NeedCode
from fleet.people.words import LANGUAGE_WORDS
from provisioning.profiles.library import built_in_library
from provisioning.profiles.loader import built_in_profile
from provisioning.profiles.resolve import resolve

SIGNED = {"bfi"}
"""British Sign Language is not written: it is a need, not a language of the screen."""


@pytest.mark.parametrize("code", sorted(SETTING_NEEDS))
def test_every_need_that_changes_a_tablet_has_settings(code: NeedCode) -> None:
    plain, made_for = built_in_profile("standard"), resolve(built_in_profile("standard"), [code.value])
    assert made_for.recipe != plain.recipe


@pytest.mark.parametrize("code", sorted(set(LANGUAGE_WORDS) - SIGNED))
def test_every_language_a_person_may_read_can_be_asked_of_a_tablet(code: str) -> None:
    name = built_in_library().language(code)
    assert name.title == LANGUAGE_WORDS[code]
    assert resolve(built_in_profile("standard"), language=code).language == code
