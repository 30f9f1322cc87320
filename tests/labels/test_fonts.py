"""Text is measured, broken and refused before it reaches a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.errors import TextNotPrintable
from labels.fonts import Face, break_lines, printable, width_mm

WORDS = st.text("abcdefgh ", min_size=1, max_size=60)


@given(WORDS, st.floats(5, 60))
def test_broken_lines_keep_every_word_and_fit(text: str, width: float) -> None:
    lines = break_lines(text, Face.REGULAR, 9, width)
    if lines is None:
        assert any(width_mm(word, Face.REGULAR, 9) > width for word in text.split())
    else:
        assert " ".join(lines).split() == text.split()
        assert all(width_mm(line, Face.REGULAR, 9) <= width for line in lines)


@pytest.mark.parametrize(
    "name", ["Tŷ Dŵr", "Łódź żółć", "Cộng đồng Việt", "Ẹgbẹ́ ọmọ", "Ɛdɔ fie", "Ελλάδα", "Київ", "ığüşöç"]
)
def test_names_of_our_borrowers_languages_are_printable(name: str) -> None:
    assert printable(name)


def test_text_is_composed_and_its_spaces_made_single() -> None:
    assert printable(" Ty\u0302  Glas\n") == "Tŷ Glas"


@pytest.mark.parametrize("text", ["বাংলা", "עברית", "中文", "Sample \U0001f600"])
def test_text_that_the_font_lacks_is_refused(text: str) -> None:
    with pytest.raises(TextNotPrintable, match=r"Nothing was printed\. The label font has no"):
        printable(text)
