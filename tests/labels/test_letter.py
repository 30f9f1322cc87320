"""Letters: whole words in every script, in the size somebody reads, with an address that shows in the window."""

from __future__ import annotations

from unicodedata import bidirectional

import pypdfium2
import pytest

from labels.errors import LabelDoesNotFit, TextNotPrintable
from labels.letter import ADDRESS_HEIGHT, ADDRESS_TOP, BODY_TOP, HEIGHT, Letter, letter_pdf
from labels.script.bidi import isolated
from tests.labels.reading import texts

CAPITALS = 0.714
"""How high a capital of Noto Sans is, of its size."""
ADDRESS = ("Sample One", "1 Sample Court", "London", "N19 5XX")


def letter(**given: object) -> Letter:
    values = {"address": ADDRESS, "subject": "Your tablet", "body": "Hello Zoë,\n\nThank you.", "points": 18}
    return Letter(**{"reference": "2026-06-29/12-ab", **values, **given})  # type: ignore[arg-type]  # a test's own parts


def lines_of(made: Letter) -> list[tuple[str, float, float]]:
    """(text, distance from the page's top in millimetres, left edge in millimetres) of the first page."""
    with pypdfium2.PdfDocument(letter_pdf(made)) as paper:
        page = paper[0].get_textpage()
        found = []
        for number in range(page.count_rects()):
            left, bottom, right, top = page.get_rect(number)
            point = 25.4 / 72
            found.append((page.get_text_bounded(left, bottom, right, top), HEIGHT - top * point, left * point))
    return found


@pytest.mark.parametrize("points", [14, 18, 24])
def test_the_print_is_as_large_as_somebody_reads(points: int) -> None:
    with pypdfium2.PdfDocument(letter_pdf(letter(points=points))) as paper:
        page = paper[0].get_textpage()
        _, bottom, _, top = page.get_charbox(page.get_text_range().index("Hello"))
    assert top - bottom == pytest.approx(points * CAPITALS, abs=0.3)


@pytest.mark.parametrize("count", [4, 7, 9, 14])
def test_an_address_of_many_lines_stays_in_the_window(count: int) -> None:
    address = tuple(f"Sample line {number}" for number in range(count))
    shown = [line for line in lines_of(letter(address=address)) if line[1] < BODY_TOP]
    said = " ".join(line[0] for line in shown)
    assert [f"line {number}" in said for number in range(count)] == [True] * count
    assert shown[0][0].startswith("Sample line 0")
    for _, top, _ in shown:
        assert ADDRESS_TOP - 6 < top < ADDRESS_TOP + ADDRESS_HEIGHT < BODY_TOP


def test_an_address_that_no_window_shows_is_refused() -> None:
    with pytest.raises(LabelDoesNotFit, match="window"):
        letter_pdf(letter(address=("Sample One", *["A sample line of some length"] * 40)))


def test_right_to_left_words_begin_on_the_right_and_the_address_on_the_left() -> None:
    body = f"مرحبًا {isolated('Sample')}،\n\nشكرًا لك."
    shown = lines_of(letter(body=body, subject="جهازك اللوحي", language="ar", rtl=True))
    address = next(line for line in shown if "1 Sample Court" in line[0])
    words = next(line for line in shown if any(bidirectional(each) == "AL" for each in line[0]))
    assert address[2] < 30
    assert words[2] > 120


@pytest.mark.parametrize(
    ("language", "body"), [("ur", "آپ کا ٹیبلٹ"), ("bn", "আপনার ট্যাবলেট"), ("gu", "તમારું ટેબ્લેટ"), ("pa", "ਤੁਹਾਡਾ ਟੈਬਲੇਟ")]
)
def test_other_scripts_are_set(language: str, body: str) -> None:
    assert letter_pdf(letter(language=language, body=body, rtl=language == "ur")).startswith(b"%PDF")


def test_what_no_typeface_has_is_refused() -> None:
    with pytest.raises(TextNotPrintable):
        letter_pdf(letter(body="你好"))


def test_a_long_letter_goes_on_over_the_page() -> None:
    with pypdfium2.PdfDocument(letter_pdf(letter(body="One line more.\n\n" * 60, points=24))) as paper:
        assert len(paper) > 2


@pytest.mark.parametrize("ideas", range(6, 16))
def test_the_closing_is_never_alone_on_a_page(ideas: int) -> None:
    body = "\n".join(["One idea."] * ideas) + "\n\nWith kind wishes"
    *before, last = texts(letter_pdf(letter(body=body, points=24)))
    assert "One idea." in last
    assert [f"Page {number} of {len(before) + 1}" in page for number, page in enumerate(before, start=1)] == [
        True for _ in before
    ]


def test_a_day_stays_with_its_month() -> None:
    said = [line[0] for line in lines_of(letter(body="Your time with the tablet ends on Friday 12 June.", points=24))]
    assert any("12\u00a0June" in line for line in said)
