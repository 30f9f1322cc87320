"""Lines hold whole words and no more than their width, and a value that spans two lines stays a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.errors import LabelDoesNotFit
from labels.script.bidi import MARKS, isolated
from labels.script.lines import Line, break_text, set_line
from labels.script.shaping import Writing

WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=20).map(" ".join)


def said(line: Line) -> str:
    return "".join(run.text for run in line.runs).strip()


@given(WORDS, st.floats(120, 400))
def test_every_word_is_kept_whole_and_every_line_fits(text: str, width: float) -> None:
    lines = break_text(text, Writing(), 18, width)
    assert " ".join(said(line) for line in lines) == text
    assert all(line.width <= width for line in lines)


def test_no_word_is_alone_on_the_last_line_where_the_line_before_can_spare_one() -> None:
    spared = break_text("Hold it down until it is lit up.", Writing(), 18, 230)
    assert [said(line) for line in spared] == ["Hold it down until it is", "lit up."]
    short = break_text("Hold it-down-until-it-is-lit up.", Writing(), 18, 230)
    assert [said(line) for line in short] == ["Hold it-down-until-it-is-lit", "up."]


def test_a_space_between_urdu_and_figures_is_wide_enough_to_see() -> None:
    urdu = Writing("ur", rtl=True)
    gap = set_line("میں 20", urdu, 18).width - set_line("میں", urdu, 18).width - set_line("20", urdu, 18).width
    assert gap == pytest.approx(set_line("a a", Writing(), 18).width - 2 * set_line("a", Writing(), 18).width)


def test_a_word_wider_than_the_paper_is_refused_with_what_to_do() -> None:
    with pytest.raises(LabelDoesNotFit, match="choose a smaller size"):
        break_text("x" * 90, Writing(), 24, 490)


def test_a_number_that_is_broken_over_two_lines_is_turned_round_in_neither() -> None:
    number = "020 7946 0000"
    lines = break_text(f"اتصل بنا على الرقم {isolated(number)}", Writing("ar", rtl=True), 24, 210)
    assert len(lines) > 1
    digits = [run.text.strip() for line in lines for run in line.runs if run.text.strip()[:1].isdigit()]
    assert " ".join(digits).split() == number.split()
    assert not any(mark in said(line) for line in lines for mark in MARKS)
