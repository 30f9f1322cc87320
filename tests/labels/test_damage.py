"""A seeded sample of the damage table in docs/benchmarks.md: what a worn label must still bear."""

from __future__ import annotations

import pytest

from labels.frames import Part
from labels.layouts import capacity
from labels.rolls import rolls
from labels.sheets import presets
from tests.labels.damage import DAMAGES, Pictured, on_roll, on_sheet, share_read
from tests.labels.samples import labels

EACH = 6
FLOORS = {
    "as printed": 1.0,
    "blurred": 0.97,
    "rotated": 1.0,
    "half contrast": 1.0,
    "15 % covered, corners free": 0.75,
    "15 % covered anywhere": 0.4,
}
"""Below what `python -m tests.bench.damage` measured, by what a sample of this size may stray."""


@pytest.fixture(scope="module")
def worn() -> list[Pictured]:
    """Some labels of every sheet and roll that carries a QR code."""
    wanted = labels(EACH, seed=3)
    sheets = [sheet for sheet in presets().values() if Part.QR in capacity(sheet).carries]
    assert len(sheets) == len(presets()) - 1, "L4731 alone carries text only"
    made = [one for sheet in sheets for one in on_sheet(wanted, sheet)]
    return made + [one for roll in rolls().values() for one in on_roll(wanted, roll)]


def test_every_damage_has_a_floor() -> None:
    assert set(FLOORS) == set(DAMAGES)


@pytest.mark.parametrize("damage", DAMAGES)
def test_as_many_labels_are_read_as_measured(worn: list[Pictured], damage: str) -> None:
    assert share_read(worn, damage) >= FLOORS[damage]


def test_a_covered_label_is_really_covered(worn: list[Pictured]) -> None:
    assert share_read(worn, "15 % covered anywhere") < 1
