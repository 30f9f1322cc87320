"""Sheets come from data files, and a mistake in one is named by file, sheet and field."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from labels.errors import SheetInvalid, SheetUnknown
from labels.sheets import find_sheet, load_sheets, preset, presets

OWN = """
[Mine]
title = "Our own"
page = { width = 100, height = 150.5 }
grid = { across = 1, down = 2 }
label = { width = 90, height = 70 }
pitch = { x = 90, y = 72.5 }
margin = { left = 5, top = 4 }
"""


def test_every_sheet_that_is_promised_comes_with_us() -> None:
    assert set(presets()) == {"L7160", "L7163", "L6011", "L4731", "L7651", "L4776", "5160"}


@pytest.mark.parametrize("name", sorted(presets()))
def test_margins_are_equal_on_both_sides_by_sum(name: str) -> None:
    sheet = preset(name)
    right = sheet.page_width - sheet.corner(sheet.per_page)[0] - sheet.label_width
    bottom = sheet.page_height - sheet.corner(sheet.per_page)[1] - sheet.label_height
    assert abs(right - sheet.margin_left) <= Decimal("0.05")
    assert abs(bottom - sheet.margin_top) <= Decimal("0.05")


def test_a_preset_is_found_whatever_its_capitals() -> None:
    assert preset(" l7160 ") is presets()["L7160"]


def test_an_unknown_sheet_is_answered_with_the_names_there_are() -> None:
    with pytest.raises(SheetUnknown, match=r"No sheet is called 'L9999'\. The sheets are L7160, L7163"):
        preset("L9999")


def test_a_users_own_sheet_is_read_exactly(tmp_path: Path) -> None:
    path = tmp_path / "sheets.toml"
    path.write_text(OWN, encoding="utf-8")
    sheet = find_sheet(load_sheets(path), "mine")
    assert (sheet.page_width, sheet.page_height) == (Decimal(100), Decimal("150.5"))
    assert sheet.corner(2) == (Decimal(5), Decimal("76.5"))
    assert sheet.material == "paper"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("down = 2", 'down = "two"'), "sheet Mine: grid.down must be a whole number"),
        (("down = 2", "down = true"), "sheet Mine: grid.down must be a whole number"),
        (("width = 90,", 'width = "wide",'), "sheet Mine: label.width must be a number of millimetres"),
        (("width = 90,", "width = nan,"), "sheet Mine: label.width must be a number of millimetres"),
        (("margin = { left = 5, top = 4 }", ""), "sheet Mine: margin.left is missing"),
        (("page = { width = 100, height = 150.5 }", 'page = "A5"'), "page must be one of A4, Letter, or a width"),
        (("page = { width = 100, height = 150.5 }", "page = []"), "sheet Mine: page.width is missing"),
        (('title = "Our own"', "title = 3"), "sheet Mine: title must be words"),
        (("[Mine]", "Mine = 3\n[Other]"), "sheet Mine: the sheet must be a table"),
        (("down = 2", "down = 3"), "3 labels down end at 219.0 mm, but the page is 150.5 mm"),
        (("[Mine]", "[Mine"), "is not a TOML file"),
    ],
)
def test_a_mistake_in_a_sheet_file_is_named(tmp_path: Path, change: tuple[str, str], why: str) -> None:
    path = tmp_path / "sheets.toml"
    path.write_text(OWN.replace(*change), encoding="utf-8")
    with pytest.raises(SheetInvalid) as refused:
        load_sheets(path)
    assert why in str(refused.value)
    assert str(refused.value).startswith("Nothing was printed.")


def test_a_sheet_file_that_is_not_there_is_a_sentence_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(SheetInvalid, match=r"The sheet file gone\.toml could not be read"):
        load_sheets(tmp_path / "gone.toml")


def test_a_sheet_file_that_is_no_text_is_a_sentence_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "picture.toml"
    path.write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(SheetInvalid, match=r"picture\.toml could not be read"):
        load_sheets(path)
