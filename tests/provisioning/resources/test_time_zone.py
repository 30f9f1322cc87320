"""The time of a place: set by a command where Android has one, by a person where it has not."""

from __future__ import annotations

from typing import Any

import pytest

from provisioning.errors import NeedsPerson
from provisioning.facts.fact import Fact
from provisioning.facts.observation import Observation
from provisioning.facts.properties import PROPERTIES, Properties
from provisioning.facts.settings import SETTINGS_GLOBAL, SettingsTable
from provisioning.resources.time_zone import TimeZone
from tests.provisioning.observations import observed, on_android

LONDON = TimeZone(zone="Europe/London", reason="In time")


def tablet(zone: str | None, automatic: str | None, sdk: int = 33) -> Observation:
    properties = {"x": "y"} if zone is None else {"persist.sys.timezone": zone}
    settings = {"auto_time": "1"} if automatic is None else {"auto_time_zone": automatic}
    changes: dict[Fact[Any], object] = {
        PROPERTIES: Properties(properties),
        SETTINGS_GLOBAL: SettingsTable(settings),
        **on_android(sdk),
    }
    return observed(changes)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", None])
def test_another_zone_is_replaced_and_kept_from_networks(zone: str | None) -> None:
    (step,) = LONDON.steps(tablet(zone, "1"))
    assert step.shown() == ("settings put global auto_time_zone 0", "cmd alarm set-timezone Europe/London")


@pytest.mark.parametrize("automatic", ["1", None])
def test_the_right_zone_is_kept_from_networks(automatic: str | None) -> None:
    (step,) = LONDON.steps(tablet("Europe/London", automatic))
    assert step.shown() == ("settings put global auto_time_zone 0",)


def test_the_right_zone_kept_needs_nothing() -> None:
    assert LONDON.steps(tablet("Europe/London", "0")) == ()


def test_before_android_9_a_person_sets_it_on_the_screen_we_open() -> None:
    with pytest.raises(NeedsPerson, match="choose Europe/London") as asked:
        LONDON.steps(tablet("Asia/Shanghai", "1", sdk=26))
    assert asked.value.screen == "android.settings.DATE_SETTINGS"


@pytest.mark.parametrize("zone", ["London", "europe/london", "Europe/London; reboot", ""])
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValueError, match="not a time zone"):
        TimeZone(zone=zone, reason="x")
