"""Captures virtual tablets of every Android and reads them back: the same facts, and nobody's data."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from provisioning.capture.capturing import capture, inspect_bundle
from provisioning.errors import TransportError
from provisioning.facts.accounts import ACCOUNTS
from provisioning.facts.catalogue import ALL
from provisioning.facts.identity import ANDROID_ID, IDENTITY
from provisioning.facts.properties import PROPERTIES
from provisioning.facts.reading import read_facts
from provisioning.virtual import person
from provisioning.virtual.faults import Fault
from provisioning.virtual.personality import personality_names
from tests.provisioning.benchtop import Slot
from tests.provisioning.conftest import MakeSlot

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PERSON = ("sample.one@example.org", "Sample One's tablet", "07700 900123", "02:00:5e:00:53:aa", "Sample home")

# Where a fact holds the unit's own marks or what its last user wrote; every other value must come through unchanged.
MASKED = {
    "identity.serial",
    "android_id.value",
    "properties.values.ro.serialno",
    "properties.values.ro.boot.serialno",
    "settings/global.values.device_name",
    "settings/secure.values.android_id",
    "settings/secure.values.bluetooth_name",
    "settings/secure.values.bluetooth_address",
    "settings/secure.values.lock_screen_owner_info",
}


def lived_in(slot: Slot) -> Slot:
    """A tablet that somebody has used."""
    name, device, phone, mac, network = PERSON
    person.add_account(slot.tablet, name, "com.google")
    with slot.tablet.changing() as state:
        state.content.settings["global"]["device_name"] = device
        state.content.settings["secure"] |= {
            "bluetooth_name": device,
            "bluetooth_address": mac,
            "lock_screen_owner_info": f"If found: {name}\nor ring {phone}",
        }
        state.content.networks = [[network, "wpa2-psk"]]
    return slot


def differences(live: Any, read: Any, path: str = "") -> Iterator[str]:
    if isinstance(live, dict) and isinstance(read, dict) and set(live) == set(read):
        for key in live:
            yield from differences(live[key], read[key], f"{path}.{key}" if path else key)
    elif live != read:
        yield path


@pytest.mark.parametrize("personality", personality_names())
def test_a_bundle_holds_the_facts_of_its_tablet_and_nobodys_data(
    make_slot: MakeSlot, tmp_path: Path, personality: str
) -> None:
    slot = lived_in(make_slot(personality))
    transport, bundle = slot.connect(), tmp_path / "bundle.zip"
    live = read_facts(transport, ALL, now=lambda: NOON)
    captured = capture(transport, bundle, product_version="1.2.3", now=lambda: NOON)
    read = inspect_bundle(bundle)
    assert read == captured
    assert read.unreadable == live.unreadable
    assert (read.taken_at, read.value(ACCOUNTS)) == (NOON, live.value(ACCOUNTS))
    live_json, read_json = live.to_json()["facts"], read.to_json()["facts"]
    clock = ("clock.epoch_seconds",)  # the two readings are a moment apart
    assert set(differences(live_json, read_json)) - set(clock) == MASKED
    with zipfile.ZipFile(bundle) as archive:
        written = "\n".join(archive.read(name).decode() for name in archive.namelist())
    for word in (*PERSON, "VIRTSAMPLE1", slot.tablet.content.android_id, slot.tablet.state.body.wifi_mac):
        assert word not in written


def test_two_places_that_held_one_value_hold_one_stand_in(make_slot: MakeSlot, tmp_path: Path) -> None:
    slot = lived_in(make_slot())
    read = capture(slot.connect(), tmp_path / "bundle.zip", product_version="1")
    properties = read.value(PROPERTIES)
    assert properties.first("ro.serialno") == properties.first("ro.boot.serialno") == read.value(IDENTITY).serial
    again = capture(slot.connect(), tmp_path / "again.zip", product_version="1")
    assert again.value(IDENTITY).serial != read.value(IDENTITY).serial


def test_a_lost_link_leaves_no_bundle(make_slot: MakeSlot, tmp_path: Path) -> None:
    slot = make_slot()
    transport = slot.connect()
    slot.tablet.faults.arm(Fault.DROP_AFTER, 9000)
    with pytest.raises(TransportError):
        capture(transport, tmp_path / "bundle.zip", product_version="1")
    assert [path.name for path in tmp_path.iterdir() if "bundle" in path.name] == []


def test_the_manifest_says_what_was_asked_and_how_it_ended(make_slot: MakeSlot, tmp_path: Path) -> None:
    capture(make_slot().connect(), tmp_path / "bundle.zip", product_version="1.2.3", now=lambda: NOON)
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        names = set(archive.namelist())
    assert (manifest["schema_version"], manifest["product_version"]) == (1, "1.2.3")
    assert datetime.fromisoformat(manifest["captured_at"]) == NOON
    probes = {probe["name"]: probe for probe in manifest["probes"]}
    assert probes["android_id"]["command"] == ANDROID_ID.command.shown()
    assert probes["properties"]["exit_code"] == 0
    assert {probe["file"] for probe in manifest["probes"]} | {"manifest.json"} == names
    assert {fact.command.shown() for fact in ALL} == {probe["command"] for probe in manifest["probes"]}
