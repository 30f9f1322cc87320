"""Quirks: a make of tablet that cannot have something, gets it by hand, or gets it in another way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from provisioning.engine.plan import examine, plan
from provisioning.facts.fact import Fact
from provisioning.facts.home import HOME
from provisioning.facts.identity import Identity
from provisioning.facts.packages import ENABLED_PACKAGES, PackageNames
from provisioning.facts.properties import PROPERTIES, Properties
from provisioning.facts.settings import SETTINGS_SECURE, Namespace, SettingsTable
from provisioning.profiles.loader import built_in_profile
from provisioning.profiles.profile import Profile
from provisioning.profiles.quirk import Guide, Match, Quirk, Skip
from provisioning.resources.comfort import ThreeButtons
from provisioning.resources.resource import Resource
from provisioning.resources.setting import Setting
from provisioning.resources.step import Outcome
from tests.provisioning.observations import SOUND_IDENTITY, observed, on_android


def setting(value: str, key: str = "font_scale") -> Setting:
    return Setting(namespace=Namespace.SYSTEM, key=key, value=value, means="Words are large", reason="Can be read")


def quirk(**parts: Any) -> Quirk:
    return Quirk(name="odd", version=1, title="An odd make", source="test", **parts)


def profile(*resources: Resource[Any], quirks: tuple[Quirk, ...] = ()) -> Profile:
    return Profile("test", 1, "Test", "For tests.", resources, quirks=quirks)


def tablet(**parts: Any) -> Identity:
    return replace(SOUND_IDENTITY, **parts)


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        (Match(), True),
        (Match(manufacturer="EXAMPLE"), True),
        (Match(manufacturer="samsung"), False),
        (Match(model="sample tab *"), True),
        (Match(model="Sample Tab 1"), False),
        (Match(device="sample10", min_sdk=33, max_sdk=33), True),
        (Match(min_sdk=34), False),
        (Match(max_sdk=32), False),
    ],
)
def test_a_quirk_is_for_some_tablets(match: Match, *, fits: bool) -> None:
    assert match.fits(SOUND_IDENTITY) is fits


def test_a_tablet_without_a_model_name_fits_only_what_names_none() -> None:
    assert Match().fits(tablet(model=None))
    assert not Match(model="S*").fits(tablet(model=None))


def test_what_a_make_cannot_have_is_not_its_failure_and_is_not_even_read() -> None:
    skipping = quirk(skip=(Skip("setting/system/*", "It forgets that at every start."),))
    made = plan(profile(setting("1.3"), quirks=(skipping,)), observed())
    assert made.steps == ()
    (check,) = made.checks
    assert (check.outcome, check.why) == (Outcome.UNSUPPORTED, "It forgets that at every start.")
    assert check.origins == ("quirk:odd",)
    assert made.satisfied


def test_what_a_person_must_do_on_a_make_is_said_until_it_is_done() -> None:
    guiding = quirk(guide=(Guide("setting/system/font_scale", "Open Display.", "android.settings.DISPLAY_SETTINGS"),))
    made = plan(profile(setting("1.3"), quirks=(guiding,)), observed())
    (check,) = made.for_hands
    assert (check.why, check.screen) == ("Open Display.", "android.settings.DISPLAY_SETTINGS")
    assert not made.satisfied
    assert plan(profile(setting("1.0"), quirks=(guiding,)), observed()).satisfied


def test_a_person_can_do_what_no_command_can() -> None:
    buttons = ThreeButtons(reason="Seen")
    gestures: dict[Fact[Any], object] = {
        SETTINGS_SECURE: SettingsTable({"navigation_mode": "2"}),
        ENABLED_PACKAGES: PackageNames(("android",)),
    }
    guiding = quirk(guide=(Guide("navigation", "Choose Buttons."),))
    assert plan(profile(buttons), observed(gestures)).checks[0].outcome is Outcome.UNSUPPORTED
    (check,) = plan(profile(buttons, quirks=(guiding,)), observed(gestures)).for_hands
    assert check.why == "Choose Buttons."


def test_another_way_replaces_what_was_asked_and_adds_nothing_that_was_not() -> None:
    replacing = quirk(resource=(setting("1.15"), setting("1", "accelerometer_rotation")))
    made = plan(profile(setting("1.3"), quirks=(replacing,)), observed())
    (step,) = made.steps
    assert step.shown() == ("settings put system font_scale 1.15",)
    assert step.origins == ("quirk:odd",)


def test_facts_are_read_for_a_quirk_that_may_fit() -> None:
    replacing = quirk(resource=(replace(setting("1.15")),), match=Match(manufacturer="other"))
    assert plan(profile(setting("1.3"), quirks=(replacing,)), observed()).steps[0].shown()[0].endswith("1.3")


def test_a_quirk_that_does_not_fit_changes_nothing() -> None:
    skipping = quirk(match=Match(manufacturer="other"), skip=(Skip("*", "no"),))
    assert plan(profile(setting("1.3"), quirks=(skipping,)), observed()).steps


def test_a_fire_tablet_is_not_asked_to_change_what_it_puts_back() -> None:
    shipped = built_in_profile("large-clear")
    home = next(resource for resource in shipped.on(tablet(manufacturer="Amazon")).resources if resource.id == "home")
    _, check = examine(home, observed({HOME: None, **on_android(30, "Amazon")}))
    assert check.outcome is Outcome.UNSUPPORTED
    assert "Fire" in check.why


def test_a_plan_is_stale_once_the_profile_itself_was_changed() -> None:
    seen = observed({PROPERTIES: Properties({"x": "y"})})
    assert plan(profile(setting("1.3")), seen).digest != plan(profile(setting("1.15")), seen).digest
