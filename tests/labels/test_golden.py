"""A sheet, one label of every kind, and a certificate are as they were when a person last looked at them."""

from __future__ import annotations

import pytest

from labels.sheet_pdf import render_sheet
from labels.sheets import preset
from tests.labels.golden import TOLERANCE, difference, kept_picture, kept_words, papers, small_pictures, words
from tests.labels.samples import labels


@pytest.mark.parametrize("name", ["certificate", "sheet-L7160", "kinds-L7163"])
def test_a_paper_says_and_looks_what_it_did(name: str) -> None:
    paper = papers()[name]
    assert words(paper) == kept_words(name)
    for number, picture in enumerate(small_pictures(paper), start=1):
        assert difference(picture, kept_picture(name, number)) < TOLERANCE


def test_the_comparison_sees_a_label_moved_by_two_millimetres() -> None:
    sheet = preset("L7160")
    moved = render_sheet(labels(24), sheet.nudged(sheet.margin_left * 0 + 2, sheet.margin_top * 0), start_at=5)
    assert difference(small_pictures(moved)[0], kept_picture("sheet-L7160", 1)) > TOLERANCE
