"""A sheet that contradicts itself cannot exist."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.errors import SheetInvalid
from labels.sheet import Sheet
from labels.sheets import preset, presets


def test_positions_run_along_the_rows_from_the_top_left() -> None:
    sheet = preset("L7160")
    assert sheet.corner(1) == (Decimal("7.21"), Decimal("15.15"))
    assert sheet.corner(3) == (Decimal("139.29"), Decimal("15.15"))
    assert sheet.corner(4) == (Decimal("7.21"), Decimal("53.25"))
    assert sheet.corner(21) == (Decimal("139.29"), Decimal("243.75"))


@given(st.sampled_from(sorted(presets())), st.data())
def test_no_two_labels_of_a_preset_overlap_and_all_are_on_the_page(name: str, data: st.DataObject) -> None:
    sheet = preset(name)
    positions = st.integers(1, sheet.per_page)
    one, other = data.draw(positions), data.draw(positions)
    (x, y), (u, v) = sheet.corner(one), sheet.corner(other)
    assert 0 <= x <= sheet.page_width - sheet.label_width
    assert 0 <= y <= sheet.page_height - sheet.label_height
    if one != other:
        assert abs(x - u) >= sheet.label_width or abs(y - v) >= sheet.label_height


def test_a_nudge_moves_every_label_by_the_same_amount() -> None:
    sheet = preset("L7160")
    moved = sheet.nudged(Decimal("0.5"), Decimal("-1.25"))
    for position in (1, 12, 21):
        (x, y), (u, v) = sheet.corner(position), moved.corner(position)
        assert (u - x, v - y) == (Decimal("0.5"), Decimal("-1.25"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"across": 4}, "4 labels across end at 268.83 mm, but the page is 210 mm"),
        ({"label_height": Decimal("38.2")}, "38.2 mm but only 38.1 mm apart"),
        ({"margin_left": Decimal(-1)}, "margin across is -1 mm"),
        ({"label_width": Decimal(0)}, "label width is 0 mm"),
        ({"page_height": Decimal(-297)}, "page height is -297 mm"),
        ({"down": 0}, "at least one label each way"),
        ({"nudge_x": Decimal(11)}, "a nudge of 11 mm across"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_with_the_measurement(change: dict[str, Any], why: str) -> None:
    with pytest.raises(SheetInvalid) as refused:
        replace(preset("L7160"), **change)
    assert why in str(refused.value)
    assert str(refused.value).startswith("Nothing was printed. Sheet L7160")


def test_a_roll_of_single_labels_is_a_sheet_of_one() -> None:
    none, size = Decimal(0), Decimal(50)
    roll = Sheet("roll", "Roll", size, size, 1, 1, size, size, none, none, none, none)
    assert roll.per_page == 1
    assert roll.corner(1) == (none, none)


@pytest.mark.parametrize("position", [0, -3, 22])
def test_printing_cannot_start_where_the_sheet_has_no_label(position: int) -> None:
    with pytest.raises(SheetInvalid, match=rf"positions 1 to 21, so printing cannot start at {position}\."):
        preset("L7160").check_start(position)
