"""Every support bundle in `bundles/` is a test case: what it means stands beside it, and no Python is needed.

To add one: put `NAME.zip` there, run `doorstep tablet inspect NAME.zip --json > NAME.json`, and read what it says.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisioning.capture.bundle import read_bundle
from provisioning.capture.capturing import facts_in
from provisioning.facts.catalogue import ALL, observation_from_json

BUNDLES = sorted((Path(__file__).parent / "bundles").glob("*.zip"))


def test_there_are_bundles_to_read() -> None:
    assert BUNDLES


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem)
def test_a_captured_tablet_means_what_its_case_says(bundle: Path) -> None:
    beside = bundle.with_suffix(".json")
    assert beside.exists(), f"Run: doorstep tablet inspect {bundle.name} --json > {beside.name}, and read it."
    wanted = json.loads(beside.read_text(encoding="utf-8"))
    seen = facts_in(read_bundle(bundle))
    assert seen.to_json() == wanted
    assert set(seen.readings) == {fact.name for fact in ALL}


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.stem)
def test_what_a_bundle_means_survives_being_stored(bundle: Path) -> None:
    stored = facts_in(read_bundle(bundle)).to_json()
    assert observation_from_json(stored).to_json() == stored
