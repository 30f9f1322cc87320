"""How many text messages a text is, at the edges where one letter more costs another message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.chasing.rules import pieces


@pytest.mark.parametrize(
    ("text", "count", "coding", "places"),
    [
        ("", 1, "GSM-7", 0),
        ("a" * 160, 1, "GSM-7", 160),
        ("a" * 161, 2, "GSM-7", 161),
        ("a" * 306, 2, "GSM-7", 306),
        ("a" * 307, 3, "GSM-7", 307),
        ("€" * 80, 1, "GSM-7", 160),
        ("a" + "€" * 80, 2, "GSM-7", 161),
        ("a" * 152 + "€" + "a" * 152, 3, "GSM-7", 306),
        ("ŵ" * 70, 1, "UCS-2", 70),
        ("ŵ" * 71, 2, "UCS-2", 71),
        ("ŵ" * 134, 2, "UCS-2", 134),
        ("ŵ" * 135, 3, "UCS-2", 135),
        ("😀" * 35, 1, "UCS-2", 70),
        ("😀" * 36, 2, "UCS-2", 72),
        ("😀" * 67, 3, "UCS-2", 134),
    ],
)
def test_a_text_is_cut_as_phones_cut_it(text: str, count: int, coding: str, places: int) -> None:
    found = pieces(text)
    assert (found.count, found.coding, found.places) == (count, coding, places)


def test_the_letters_that_make_it_dear_are_named() -> None:
    assert pieces("It’s ŵ and é").outside == "ŵ’"


@given(st.text(max_size=600))
def test_another_letter_never_makes_it_cheaper(text: str) -> None:
    assert pieces(text).count <= pieces(text + "x").count
