"""Facts read from virtual tablets of every Android over a real socket, compared with what those tablets are."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from provisioning.engine.observe import observe
from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.battery import BATTERY
from provisioning.facts.catalogue import ALL
from provisioning.facts.display import DISPLAY
from provisioning.facts.identity import ANDROID_ID, IDENTITY
from provisioning.facts.owner import OWNERSHIP
from provisioning.facts.packages import THIRD_PARTY_APPS
from provisioning.facts.reading import read_facts
from provisioning.facts.settings import SETTINGS_SYSTEM
from provisioning.facts.trade_in import TRADE_IN, TradeInMode
from provisioning.transports.keys import BenchKey
from provisioning.virtual import person
from provisioning.virtual.faults import Fault
from provisioning.virtual.personality import personality_names
from provisioning.virtual.serve import listening
from provisioning.virtual.state import Owner
from provisioning.virtual.tablet import TradeIn, VirtualTablet
from provisioning.wipe.blockers import BlockerCode, find_blockers
from tests.apks import ApkRecipe, build_apk
from tests.provisioning.benchtop import Slot
from tests.provisioning.conftest import MakeSlot

# What an Android truly lacks; anything else must be readable on every one of them.
LACKING = {"legacy-tablet-7": {"night"}}


@pytest.mark.parametrize("personality", personality_names())
def test_every_fact_is_read_in_one_round_trip_on_every_android(make_slot: MakeSlot, personality: str) -> None:
    slot = make_slot(personality)
    transport = slot.connect()
    before = len(slot.tablet.wire.events())
    seen = read_facts(transport, ALL)
    happened = [str(event["kind"]) for event in slot.tablet.wire.events()[before:]]
    assert sum(kind.endswith("-begin") for kind in happened) == 1
    assert "unknown-command" not in happened
    assert set(seen.unreadable) == LACKING.get(personality, set())


@pytest.mark.parametrize("personality", personality_names())
def test_what_is_read_is_what_the_tablet_is(make_slot: MakeSlot, personality: str) -> None:
    slot = make_slot(personality)
    model, body, content = slot.tablet.personality, slot.tablet.state.body, slot.tablet.content
    seen = observe(slot.connect())
    identity = seen.value(IDENTITY)
    assert (identity.serial, identity.model, identity.sdk) == (body.serial, model.model, model.sdk)
    assert seen.value(ANDROID_ID).value == content.android_id
    assert seen.value(BATTERY).level_percent == body.battery.level
    assert seen.value(BATTERY).temperature_c == body.battery.temperature / 10
    assert seen.value(DISPLAY).density == model.density
    assert seen.value(SETTINGS_SYSTEM).get("font_scale") == content.settings["system"]["font_scale"]


@pytest.mark.parametrize("personality", personality_names())
def test_accounts_and_owners_are_seen_on_every_android(make_slot: MakeSlot, personality: str) -> None:
    slot = make_slot(personality)
    assert observe(slot.connect()).value(ACCOUNTS).total == 0
    assert observe(slot.connect()).value(OWNERSHIP).device_owner is None
    person.add_account(slot.tablet, "sample.one@example.org", "com.google")
    person.enrol(slot.tablet, Owner("com.example.mdm/.Admin", "Example Org"))
    seen = observe(slot.connect())
    assert seen.value(ACCOUNTS).by_type == {"com.google": 1}
    assert seen.value(OWNERSHIP).device_owner == "com.example.mdm"


def test_the_names_of_accounts_are_nowhere_in_what_is_kept(
    make_slot: MakeSlot, caplog: pytest.LogCaptureFixture
) -> None:
    slot = make_slot()
    person.add_account(slot.tablet, "sample.one@example.org", "com.google")
    person.add_account(slot.tablet, "Sample Secret One", "com.osp.app.signin")
    with slot.tablet.changing() as state:
        state.content.settings["secure"]["lock_screen_owner_info"] = "sample.one@example.org"
    with caplog.at_level(logging.DEBUG):
        seen = read_facts(slot.connect(), ALL)
    assert seen.value(ACCOUNTS).by_type == {"com.google": 1, "com.osp.app.signin": 1}
    kept = json.dumps(seen.to_json()) + caplog.text
    assert "sample.one" not in kept
    assert "Secret" not in kept


def test_a_tablet_in_trade_in_mode_tells_its_report_and_why_nothing_else(tmp_path: Path, bench_key: BenchKey) -> None:
    tablet = VirtualTablet.open(tmp_path, "google-pixel-tablet-16", serial="VIRTSAMPLE1", boot_seconds=0.1)
    try:
        with listening(tablet) as port:
            slot = Slot(tablet, port, bench_key)
            assert tablet.wait_for(lambda: tablet.trade_in is TradeIn.REPORTING, 5)
            transport = slot.connect()
            seen = read_facts(transport, ALL)
            transport.close()
    finally:
        tablet.close()
    report = seen.value(TRADE_IN).report
    assert seen.value(TRADE_IN).mode is TradeInMode.STATUS_ONLY
    assert report is not None
    assert (report.serial, report.reset_protection) == ("VIRTSAMPLE1", False)
    assert set(seen.unreadable) == {fact.name for fact in ALL} - {"trade_in"}
    assert [blocker.code for blocker in find_blockers(seen)] == [BlockerCode.TRADE_IN_MODE]


def test_an_app_that_was_installed_is_listed_with_its_version(make_slot: MakeSlot) -> None:
    slot = make_slot()
    slot.connect().install([build_apk(ApkRecipe(package="org.example.meet", version_code=7))])
    (app,) = observe(slot.connect()).value(THIRD_PARTY_APPS).apps
    assert (app.package, app.version_code) == ("org.example.meet", 7)


def test_a_slow_tablet_is_read_all_the_same(make_slot: MakeSlot) -> None:
    slot = make_slot()
    transport = slot.connect()
    slot.tablet.faults.arm(Fault.SLOW, 2)
    assert read_facts(transport, ALL).unreadable == {}
