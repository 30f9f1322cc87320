"""The ruler page shows every label of its sheet at its place, and a line of exactly 100 mm."""

from __future__ import annotations

import pytest
from PIL.Image import Image

from labels.ruler_page import render_ruler_page
from labels.sheets import preset, presets
from tests.labels.reading import page_sizes, pictures, texts

PIXELS_PER_MM = 300 / 25.4


def level(picture: Image, column: int, row: int) -> float:
    """The grey of one pixel, 0 for black."""
    found = picture.getpixel((column, row))
    if found is None or isinstance(found, tuple):
        raise AssertionError("the picture is not grey")
    return found


@pytest.mark.parametrize("name", sorted(presets()))
def test_every_preset_has_a_ruler_page_with_its_numbers(name: str) -> None:
    sheet = preset(name)
    paper = render_ruler_page(sheet)
    (said,) = texts(paper)
    assert f"Ruler page for sheet {name}" in said
    assert str(sheet.per_page) in said.split()
    assert page_sizes(paper) == [(float(sheet.page_width), float(sheet.page_height))]


def test_an_outline_is_drawn_where_a_label_is() -> None:
    sheet = preset("L7160")
    (picture,) = pictures(render_ruler_page(sheet))
    left, top = map(float, sheet.corner(5))
    row = round((top + 10) * PIXELS_PER_MM)
    edge = round(left * PIXELS_PER_MM)
    assert min(level(picture, edge + shift, row) for shift in (-1, 0, 1)) < 128
    assert level(picture, edge + 12, row) == 255


def test_the_check_line_is_a_hundred_millimetres() -> None:
    (picture,) = pictures(render_ruler_page(preset("L7160")))
    row = round((297 / 2 + 13 - 4.5) * PIXELS_PER_MM)
    dark = [column for column in range(picture.width) if level(picture, column, row) < 128]
    run = [column for column in dark if 52 * PIXELS_PER_MM < column < 158 * PIXELS_PER_MM]
    assert (run[-1] - run[0]) / PIXELS_PER_MM == pytest.approx(100, abs=0.4)


def test_a_nudge_moves_the_outlines() -> None:
    sheet = preset("L7160")
    assert render_ruler_page(sheet) != render_ruler_page(sheet.nudged(sheet.margin_left * 0 + 1, sheet.margin_top * 0))
