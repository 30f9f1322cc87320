"""Rolls come from a data file; each says what it carries, and can be a page for a print queue."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from labels.errors import RollUnknown, SheetInvalid
from labels.frames import Part, PrintSize
from labels.layouts import SAMPLE, capacity
from labels.roll import Roll
from labels.rolls import find_roll, load_rolls, roll_of, rolls
from labels.sheet_pdf import render_sheet
from tests.labels.reading import decode, page_sizes, pictures


def test_every_roll_that_is_promised_comes_with_us() -> None:
    assert set(rolls()) == {"QL-62", "QL-29x90", "DYMO-99012", "DYMO-11354", "ZEBRA-50x30", "ZEBRA-51x25"}


@pytest.mark.parametrize("name", sorted(rolls()))
@pytest.mark.parametrize("print_size", list(PrintSize))
def test_a_tablets_label_fits_every_roll_whole(name: str, print_size: PrintSize) -> None:
    assert capacity(rolls()[name], print_size).carries == {Part.QR, Part.CODE, Part.FINDER}


def test_a_roll_is_found_whatever_its_capitals_and_an_unknown_one_is_answered_with_the_names() -> None:
    assert roll_of(" ql-62 ") is rolls()["QL-62"]
    with pytest.raises(RollUnknown, match=r"No roll is called 'QL-99'\. The rolls are QL-62, QL-29x90"):
        roll_of("QL-99")


def test_sizes_are_of_the_label_as_a_person_reads_it() -> None:
    roll = roll_of("QL-29x90")
    assert (roll.dots_wide, roll.dots_high) == (991, 306)
    assert (roll.label_width, roll.label_height) == (Decimal("83.9"), Decimal("25.9"))


def test_the_same_roll_in_a_finer_printer_has_more_dots_and_the_same_size() -> None:
    coarse = roll_of("ZEBRA-50x30")
    fine = coarse.at(300)
    assert (coarse.dots_wide, coarse.dots_high) == (400, 240)
    assert (fine.dots_wide, fine.dots_high) == (590, 354)
    assert abs(fine.label_width - coarse.label_width) <= Decimal("0.1")


def test_a_head_that_no_printer_has_is_refused() -> None:
    with pytest.raises(SheetInvalid, match="has 72 dots to the inch; label printers have 203 or 300"):
        roll_of("ZEBRA-50x30").at(72)


@pytest.mark.parametrize("wrong", [{"across": 0}, {"along": -1}, {"first_dot": -1}, {"tape_width": Decimal(0)}])
def test_a_roll_of_no_size_is_refused(wrong: dict[str, int]) -> None:
    roll: Roll = roll_of("QL-62")
    with pytest.raises(SheetInvalid, match="Roll QL-62 has a measurement"):
        replace(roll, **wrong)  # type: ignore[arg-type]  # mypy does not follow the names through a mapping


@pytest.mark.parametrize("name", sorted(rolls()))
def test_a_roll_is_a_page_of_its_size_for_a_print_queue(name: str) -> None:
    roll = rolls()[name]
    paper = render_sheet([SAMPLE, SAMPLE], roll.as_sheet())
    assert page_sizes(paper) == [(float(roll.label_width), float(roll.label_height))] * 2
    assert [code.text for picture in pictures(paper) for code in decode(picture)] == [SAMPLE.url] * 2


OWN = """
[Big]
family = "zebra"
label = { width = 101.6, length = 50.8 }
dpi = 203
"""


def test_a_users_own_roll_needs_no_more_than_its_size(tmp_path: Path) -> None:
    path = tmp_path / "rolls.toml"
    path.write_text(OWN, encoding="utf-8")
    roll = find_roll(load_rolls(path), "big")
    assert (roll.dots_wide, roll.dots_high, roll.title) == (812, 406, "Big")
    assert capacity(roll).carries == {Part.QR, Part.CODE, Part.FINDER}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (('"zebra"', '"epson"'), "roll Big: family must be one of zebra, brother, dymo"),
        (("dpi = 203", "dpi = 72"), "roll Big: dpi must be one of 203, 300"),
        (("dpi = 203", 'dpi = "203"'), "roll Big: dpi must be a whole number"),
        (("width = 101.6,", ""), "roll Big: label.width is missing"),
        (("width = 101.6", "width = inf"), "roll Big: label.width must be a number"),
        (("width = 101.6", "width = 0"), "has a measurement that is not more than 0"),
        (("width = 101.6", "width = 1e6"), "larger than a label printer makes"),
        (("dpi = 203", "turned = 1"), "roll Big: turned must be true or false"),
        (("dpi = 203", "area = { across = 10 }"), "roll Big: area.along is missing"),
        (("[Big]", "[Big"), "is not a TOML file"),
    ],
)
def test_a_mistake_in_a_roll_file_is_named(tmp_path: Path, change: tuple[str, str], why: str) -> None:
    path = tmp_path / "rolls.toml"
    path.write_text(OWN.replace(*change), encoding="utf-8")
    with pytest.raises(SheetInvalid) as refused:
        load_rolls(path)
    assert why in str(refused.value)
    assert str(refused.value).startswith("Nothing was printed.")


def test_a_roll_file_that_is_not_there_is_a_sentence_not_a_crash(tmp_path: Path) -> None:
    with pytest.raises(SheetInvalid, match=r"The roll file gone\.toml could not be read"):
        load_rolls(tmp_path / "gone.toml")
