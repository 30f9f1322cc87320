"""The plan of every built-in profile for one known tablet, word for word, so that a change in what we do is seen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from provisioning.engine.observe import observe_for
from provisioning.engine.plan import plan
from provisioning.profiles.loader import BUILT_IN, built_in_profile
from tests.provisioning.conftest import MakeSlot

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_plan_for_a_tablet_fresh_from_its_setup_is_the_one_on_record(
    make_slot: MakeSlot, name: str, tmp_path: Path
) -> None:
    profile = built_in_profile(name)
    made = plan(profile, observe_for(make_slot("lenovo-tab-m8-13").connect(), profile)).to_json()
    made = {key: value for key, value in made.items() if key not in {"made_at", "digest"}}
    actual = json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    (tmp_path / f"{name}.json").write_text(actual, encoding="utf-8")
    golden = GOLDEN / f"{name}.json"
    assert golden.exists(), f"copy {tmp_path / golden.name} to {golden} if this plan is meant"
    assert actual == golden.read_text(encoding="utf-8"), f"copy {tmp_path / golden.name} over {golden} if it is meant"
