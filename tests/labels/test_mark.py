"""The mark is one line that stays within its square, the same on pages and papers."""

from __future__ import annotations

from xml.etree import ElementTree

from labels.mark import GRID, POINTS, STROKE, mark_path, mark_svg


def test_the_mark_is_one_unbroken_line() -> None:
    path = mark_path()
    assert path.count("M") == 1
    assert path.count("L") == len(POINTS) - 1


def test_no_part_of_the_line_leaves_the_square() -> None:
    for point in POINTS:
        assert all(STROKE / 2 <= axis <= GRID - STROKE / 2 for axis in point)


def test_the_svg_has_a_name_and_takes_the_colour_of_its_text() -> None:
    tree = ElementTree.fromstring(mark_svg(title="Doorstep & friends"))
    space = "{http://www.w3.org/2000/svg}"
    assert tree.findtext(f"{space}title") == tree.get("aria-label") == "Doorstep & friends"
    (path,) = tree.findall(f"{space}path")
    assert path.get("d") == mark_path()
    assert path.get("stroke") == "currentColor"
