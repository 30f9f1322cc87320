"""Planning: pure, honest about what it does not know, and digesting only what it looked at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from provisioning.engine.plan import Plan, plan, plan_from_json
from provisioning.errors import FactUnreadable
from provisioning.facts.battery import BATTERY
from provisioning.facts.fact import Fact
from provisioning.facts.identity import IDENTITY
from provisioning.facts.observation import Observation
from provisioning.facts.settings import SETTINGS_SECURE, SETTINGS_SYSTEM, Namespace, SettingsTable
from provisioning.profiles.profile import Profile
from provisioning.resources.package_off import PackageDisabled
from provisioning.resources.resource import Resource
from provisioning.resources.setting import Setting, SettingState
from provisioning.resources.step import Outcome, SecretName, Step, run
from tests.provisioning.observations import NOON, SOUND_BATTERY, observed

FONT = Setting(namespace=Namespace.SYSTEM, key="font_scale", value="1.3", means="Words are large", reason="Read")
CONTRAST = Setting(
    namespace=Namespace.SECURE, key="high_text_contrast_enabled", value="1", means="Strong contrast", reason="Read"
)
KEYS = PackageDisabled(package="com.example.keyboard", title="Keys", reason="x")


@dataclass(frozen=True, kw_only=True)
class Wipe(Resource[SettingState]):
    """Stands for a change that cannot be undone."""

    id = "wipe"
    sentence = "Nothing is left"

    def facts(self) -> tuple[Fact[Any], ...]:
        return FONT.facts()

    def read(self, observed: Observation) -> SettingState:
        return FONT.read(observed)

    def decide(self, state: SettingState) -> tuple[Step, ...]:
        return (self.step("Erase it.", run("erase", SecretName("pin")), irreversible=True),)


def profile_of(*resources: Resource[Any]) -> Profile:
    return Profile("sample", 1, "Sample", "For tests.", resources)


def made(profile: Profile, changes: dict[Fact[Any], object] | None = None) -> Plan:
    return plan(profile, observed(changes))


def test_a_fact_that_cannot_be_read_leaves_the_plan_in_doubt_and_the_rest_goes_on() -> None:
    found = made(profile_of(FONT, CONTRAST), {SETTINGS_SECURE: None})
    assert [step.resource for step in found.steps] == [FONT.id]
    doubt = found.checks[1]
    assert doubt.outcome is Outcome.UNKNOWN
    assert "settings/secure could not be read" in doubt.why


def test_nothing_left_to_do_but_something_in_doubt_is_not_satisfied() -> None:
    done: dict[Fact[Any], object] = {SETTINGS_SYSTEM: SettingsTable({"font_scale": "1.3"})}
    assert made(profile_of(FONT), done).satisfied
    assert not made(profile_of(FONT, CONTRAST), {**done, SETTINGS_SECURE: None}).satisfied


def test_what_this_android_cannot_do_does_not_count_against_the_tablet() -> None:
    tall = replace(CONTRAST, since_sdk=99)
    found = made(profile_of(tall))
    assert found.checks[0].outcome is Outcome.UNSUPPORTED
    assert found.satisfied


def test_a_tablet_that_does_not_say_who_it_is_gets_no_plan() -> None:
    with pytest.raises(FactUnreadable, match="identity"):
        made(profile_of(FONT), {IDENTITY: None})


def test_steps_that_cannot_be_undone_stand_apart_and_secrets_stand_by_name() -> None:
    found = made(profile_of(FONT, Wipe(reason="x")))
    assert [step.resource for step in found.irreversible] == ["wipe"]
    assert [step.resource for step in found.reversible] == [FONT.id]
    assert found.secrets == ("pin",)
    assert found.irreversible[0].shown() == ("erase ***",)


def test_a_plan_survives_being_stored() -> None:
    found = made(profile_of(FONT, Wipe(reason="x")))
    assert plan_from_json(found.to_json()) == found


def test_only_what_was_looked_at_makes_a_plan_stale() -> None:
    profile = profile_of(FONT)
    digest = made(profile).digest
    assert made(profile, {BATTERY: replace(SOUND_BATTERY, level_percent=3)}).digest == digest
    assert made(profile, {SETTINGS_SYSTEM: SettingsTable({"font_scale": "1.0", "other": "9"})}).digest == digest
    assert made(profile, {SETTINGS_SYSTEM: SettingsTable({"font_scale": "1.15"})}).digest != digest
    assert made(profile, {SETTINGS_SYSTEM: None}).digest != digest
    assert made(replace(profile, version=2)).digest != digest


def test_time_alone_does_not_make_a_plan_stale() -> None:
    later = replace(observed(), taken_at=NOON + timedelta(hours=3))
    assert plan(profile_of(FONT), later).digest == plan(profile_of(FONT), observed()).digest


def test_planning_the_same_twice_gives_the_same_plan() -> None:
    profile = profile_of(FONT, CONTRAST, KEYS)
    assert made(profile) == made(profile)
