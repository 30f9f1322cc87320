"""Grades: every reason is told, the worst decides, and what was not read never counts as good."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.tablets.rules import Grade as GivenGrade
from provisioning.facts.battery import BATTERY, BatteryHealth
from provisioning.facts.cameras import CAMERAS, Cameras
from provisioning.facts.display import DISPLAY, Display
from provisioning.facts.fact import Fact
from provisioning.facts.features import FEATURES, Features
from provisioning.facts.identity import IDENTITY
from provisioning.facts.memory import MEMORY, Memory
from provisioning.facts.packages import ENABLED_PACKAGES, PackageNames
from provisioning.facts.reading import read_facts
from provisioning.facts.software import SECURITY_PATCH, SOFTWARE, SecurityPatch, Software
from provisioning.facts.storage import STORAGE, Storage
from provisioning.facts.trade_in import TRADE_IN, TradeIn, TradeInMode, TradeInReport
from provisioning.facts.wear import BATTERY_WEAR, STORAGE_WEAR, BatteryWear, StorageWear
from provisioning.health.grading import HEALTH_FACTS, suggest_grade
from provisioning.health.judges import JUDGES
from provisioning.health.suggestion import Confidence, Grade, suggestion_from_json
from provisioning.virtual.personality import personality_names
from tests.provisioning.conftest import MakeSlot
from tests.provisioning.observations import SOUND_BATTERY, SOUND_IDENTITY, observed

Changes = Mapping[Fact[Any], object]

EQUIPPED = (
    "android.hardware.wifi",
    "android.hardware.touchscreen",
    "android.hardware.microphone",
    "android.hardware.camera.front",
    "android.hardware.bluetooth",
)
REPORT = TradeInReport(False, None, None, None, None, 97, 98, None, ("original",))
SOFT = Software(None, None, "TP1A", "en-GB", "Europe/London", booted=True, low_memory_edition=False)
GOOD: Changes = {
    BATTERY_WEAR: BatteryWear(120, 4_900_000, 5_000_000, 98),
    STORAGE: Storage(48 << 30, 20 << 30, True),
    STORAGE_WEAR: StorageWear(10, "normal"),
    MEMORY: Memory(3_800_000_000),
    FEATURES: Features(EQUIPPED),
    CAMERAS: Cameras(2, ("back", "front")),
    ENABLED_PACKAGES: PackageNames(("android", "com.google.android.gms")),
    SOFTWARE: SOFT,
}


def suggested(changes: Changes) -> tuple[Grade | None, str]:
    suggestion = suggest_grade(observed({**GOOD, **changes}))
    return suggestion.grade, " ".join(reason.sentence for reason in suggestion.reasons)


def test_a_tablet_in_good_order_is_an_a_without_a_reason_needed() -> None:
    suggestion = suggest_grade(observed(GOOD))
    assert (suggestion.grade, suggestion.confidence) == (Grade.A, Confidence.HIGH)
    assert suggestion.reasons == ()
    assert suggestion.unreadable == {}


def wear(percent: int) -> Changes:
    return {BATTERY_WEAR: BatteryWear(None, None, None, percent)}


@pytest.mark.parametrize(
    ("changes", "grade", "words"),
    [
        (wear(84), Grade.B, "holds 84 %"),
        (wear(69), Grade.C, "holds 69 %"),
        (wear(49), Grade.X, "needs another"),
        ({BATTERY_WEAR: BatteryWear(None, 3_000_000, 5_000_000, None)}, Grade.C, "holds 60 %"),
        ({BATTERY_WEAR: BatteryWear(900, None, None, None)}, Grade.B, "900 times"),
        ({BATTERY: replace(SOUND_BATTERY, state_of_health_percent=75)}, Grade.B, "holds 75 %"),
        ({BATTERY: replace(SOUND_BATTERY, health=BatteryHealth.DEAD)}, Grade.X, "battery is dead"),
        ({BATTERY: replace(SOUND_BATTERY, health=BatteryHealth.OVERHEAT)}, Grade.C, "too hot"),
        ({BATTERY: replace(SOUND_BATTERY, present=False)}, Grade.X, "no battery"),
        ({STORAGE_WEAR: StorageWear(60, None)}, Grade.B, "60 % of the writes"),
        ({STORAGE_WEAR: StorageWear(110, "normal")}, Grade.C, "100 % of the writes"),
        ({STORAGE_WEAR: StorageWear(None, "warning")}, Grade.C, "spare blocks"),
        ({STORAGE_WEAR: StorageWear(None, "urgent")}, Grade.X, "fail soon"),
        ({STORAGE: Storage(10 << 30, 1, None)}, Grade.C, "10 GB"),
        ({STORAGE: Storage(5 << 30, 1, None)}, Grade.X, "stop fitting"),
        ({MEMORY: Memory(2_900_000_000)}, Grade.B, "3 GB of memory"),
        ({MEMORY: Memory(1_900_000_000)}, Grade.C, "2 GB of memory"),
        ({MEMORY: Memory(990_000_000)}, Grade.X, "do not run"),
        ({SOFTWARE: replace(SOFT, low_memory_edition=True)}, Grade.C, "little memory"),
        ({SECURITY_PATCH: SecurityPatch(date(2024, 10, 5))}, Grade.B, "October 2024"),
        ({SECURITY_PATCH: SecurityPatch(date(2020, 6, 5))}, Grade.C, "June 2020"),
        ({IDENTITY: replace(SOUND_IDENTITY, sdk=27, release="8.1.0")}, Grade.C, "Android 8.1.0"),
        ({IDENTITY: replace(SOUND_IDENTITY, sdk=22, release="5.1")}, Grade.X, "no meeting app"),
        ({IDENTITY: replace(SOUND_IDENTITY, abis=("armeabi-v7a", "armeabi"))}, Grade.B, "32-bit"),
        ({DISPLAY: Display(1280, 752, 160, None, None, None)}, Grade.B, "coarse, 1280 by 752"),
        ({DISPLAY: Display(600, 1024, 160, None, None, None)}, Grade.C, "coarse"),
        ({TRADE_IN: TradeIn(TradeInMode.OFF, replace(REPORT, screen_parts=("replaced",)))}, Grade.B, "replaced"),
        ({FEATURES: Features(EQUIPPED[1:])}, Grade.X, "no Wi-Fi"),
        ({FEATURES: Features((*EQUIPPED[:3], EQUIPPED[4]))}, Grade.C, "no front camera"),
        ({FEATURES: Features(EQUIPPED[:4])}, Grade.B, "no Bluetooth"),
        ({CAMERAS: Cameras(0, ())}, Grade.C, "None of its cameras answers"),
        ({CAMERAS: Cameras(1, ("back",))}, Grade.C, "front camera does not answer"),
        ({ENABLED_PACKAGES: PackageNames(("android",))}, Grade.B, "no Google services"),
    ],
)
def test_what_speaks_against_a_tablet_lowers_its_grade_and_is_said(changes: Changes, grade: Grade, words: str) -> None:
    found, said = suggested(changes)
    assert found is grade
    assert words in said
    assert said.endswith(".")


def test_the_worst_finding_decides_and_stands_first() -> None:
    suggestion = suggest_grade(observed({**GOOD, MEMORY: Memory(2_900_000_000), STORAGE: Storage(5 << 30, 1, None)}))
    assert [reason.grade for reason in suggestion.reasons] == [Grade.X, Grade.B]
    assert suggestion.grade is Grade.X


def test_trade_in_mode_fills_in_what_nothing_else_tells() -> None:
    silent: Changes = {BATTERY_WEAR: None, STORAGE_WEAR: None, TRADE_IN: TradeIn(TradeInMode.EVALUATION, REPORT)}
    suggestion = suggest_grade(observed({**GOOD, **silent}))
    assert (suggestion.grade, suggestion.confidence) == (Grade.A, Confidence.HIGH)


def test_faked_battery_values_are_not_believed() -> None:
    faked = replace(SOUND_BATTERY, faked=True, state_of_health_percent=100, health=BatteryHealth.DEAD)
    suggestion = suggest_grade(observed({**GOOD, BATTERY: faked, **wear(60)}))
    assert suggestion.unreadable == {"battery": "its values have been faked with a test command"}
    assert suggestion.grade is Grade.C


def test_a_gap_lowers_the_confidence_and_is_listed_with_its_reason() -> None:
    silent = BatteryWear(None, None, None, None)
    suggestion = suggest_grade(observed({**GOOD, BATTERY_WEAR: silent, STORAGE_WEAR: None}))
    assert suggestion.confidence is Confidence.MEDIUM
    assert suggestion.unreadable["battery wear"] == "the tablet does not tell how worn it is"
    assert "storage wear" in suggestion.unreadable
    assert suggest_grade(observed({**GOOD, **dict.fromkeys(list(GOOD)[:4])})).confidence is Confidence.LOW


def test_of_a_tablet_that_tells_nothing_no_grade_is_suggested() -> None:
    suggestion = suggest_grade(observed(dict.fromkeys(HEALTH_FACTS)))
    assert (suggestion.grade, suggestion.reasons, suggestion.confidence) == (None, (), Confidence.LOW)
    assert set(suggestion.unreadable) == set(JUDGES)


@given(st.sets(st.sampled_from(HEALTH_FACTS)), st.sampled_from([84, 60, 40]))
def test_what_is_not_read_never_adds_a_reason_or_confidence(gone: set[Fact[Any]], percent: int) -> None:
    whole = suggest_grade(observed({**GOOD, **wear(percent)}))
    partly = suggest_grade(observed({**GOOD, **wear(percent), **dict.fromkeys(gone)}))
    assert set(partly.reasons) <= set(whole.reasons)
    assert len(partly.unreadable) >= len(whole.unreadable)
    order = list(Confidence)
    assert order.index(partly.confidence) >= order.index(whole.confidence)


@given(st.integers(1, 100), st.integers(1, 100))
def test_a_more_worn_battery_never_has_the_better_grade(one: int, other: int) -> None:
    grades = [suggested(wear(percent))[0] for percent in sorted((one, other))]
    letters = ["" if grade is None else grade.value for grade in grades]
    assert letters[0] >= letters[1]


def test_a_suggestion_survives_being_stored() -> None:
    suggestion = suggest_grade(observed({**GOOD, **wear(60), CAMERAS: None}))
    assert suggestion_from_json(suggestion.to_json()) == suggestion


def test_the_grades_are_the_ones_people_give() -> None:
    assert [grade.value for grade in Grade] == [grade.value for grade in GivenGrade]


@pytest.mark.parametrize("personality", personality_names())
def test_every_virtual_model_gets_a_grade_with_reasons(make_slot: MakeSlot, personality: str) -> None:
    suggestion = suggest_grade(read_facts(make_slot(personality).connect(), HEALTH_FACTS))
    expected = {"legacy-tablet-7": Grade.X, "lenovo-tab-m10-9": Grade.C, "google-pixel-tablet-15": Grade.A}
    assert suggestion.grade in ({expected[personality]} if personality in expected else set(Grade))
    assert suggestion.confidence in {Confidence.HIGH, Confidence.MEDIUM}
