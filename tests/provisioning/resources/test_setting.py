"""Settings: read back by value, validated before they come near a tablet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.errors import FactUnreadable, Unsupported
from provisioning.facts.identity import IDENTITY
from provisioning.facts.settings import SETTINGS_SYSTEM, Namespace, SettingsTable
from provisioning.resources.setting import Setting, same_value
from tests.provisioning.observations import observed


def font_scale(value: str = "1.3", since_sdk: int = 0) -> Setting:
    return Setting(
        namespace=Namespace.SYSTEM,
        key="font_scale",
        value=value,
        means="Words are large",
        reason="Can be read",
        since_sdk=since_sdk,
    )


def test_a_value_that_differs_is_put_and_the_step_says_what_it_was() -> None:
    (step,) = font_scale().steps(observed())
    assert step.shown() == ("settings put system font_scale 1.3",)
    assert step.sentence == "Words are large (font_scale 1.3, was 1.0)."
    assert step.reason == "Can be read"
    assert not step.irreversible


def test_a_value_that_is_right_needs_nothing_however_it_is_spelt() -> None:
    assert font_scale("1").steps(observed()) == ()


def test_a_missing_key_is_put_and_said_to_be_not_set() -> None:
    (step,) = font_scale().steps(observed({SETTINGS_SYSTEM: SettingsTable({"other": "1"})}))
    assert "not set" in step.sentence


def test_an_unreadable_table_is_never_taken_for_a_missing_key() -> None:
    with pytest.raises(FactUnreadable):
        font_scale().steps(observed({SETTINGS_SYSTEM: None}))


def test_a_key_that_this_android_does_not_know_is_unsupported() -> None:
    with pytest.raises(Unsupported):
        font_scale(since_sdk=34).steps(observed())


def test_an_unreadable_identity_leaves_the_android_version_open() -> None:
    with pytest.raises(FactUnreadable):
        font_scale().steps(observed({IDENTITY: None}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("font_scale", "7"),
        ("font_scale", "large"),
        ("touch_exploration_enabled", "1"),
        ("high_text_contrast_enabled", "yes"),
        ("screen_off_timeout", "5"),
        ("bad key", "1"),
        ("anything", ""),
        ("anything", "null"),
    ],
)
def test_a_value_that_android_would_refuse_or_ignore_is_refused_first(key: str, value: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Setting(namespace=Namespace.SYSTEM, key=key, value=value, means="x", reason="y")


def test_text_from_a_profile_cannot_break_out_of_its_quotes() -> None:
    name = Setting(
        namespace=Namespace.GLOBAL, key="device_name", value="Sample'; reboot #", means="A name", reason="Found again"
    )
    (step,) = name.steps(observed())
    assert step.shown() == ("""settings put global device_name 'Sample'"'"'; reboot #'""",)


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6))
def test_numbers_are_the_same_exactly_when_they_are_equal(one: float, other: float) -> None:
    assert same_value(f"{one:.4f}", f"{other:.4f}") == (float(f"{one:.4f}") == float(f"{other:.4f}"))
