"""A guide says what the person needs, no smaller than they asked, in their own script, on pages that hold together."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import time
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from labels.errors import LanguageMissing
from labels.paper.agreement import render_agreement
from labels.paper.guide import TEXT_SIZES, GuideValues, Meeting, render_guide
from labels.paper.tablets import UNKNOWN, Edge, look_of, with_buttons_on
from labels.paper.texts import languages
from tests.labels.golden import PICTURE_DPI, TOLERANCE, difference
from tests.labels.paper.measuring import embedded, pieces
from tests.labels.paper.samples import AGREEMENT, CODE, guide
from tests.labels.reading import decode, metadata, page_sizes, pictures, texts

LOOKED_AT = Path(__file__).parent / "looked_at"
"""The page of each language that has gatherings on it, as somebody last looked at it and found it right."""
MARGIN = 36.0
"""Points that stay free at the sides of a page: half an inch, which every printer can print up to."""


def words(values: GuideValues) -> str:
    return " ".join(" ".join(texts(render_guide(values))).split())


@pytest.fixture(scope="module")
def printed() -> dict[tuple[str, int], bytes]:
    """Every language at 18 points, and at all sizes those with the widest and the tallest words."""
    wanted = {(language, 18) for language in languages()} | {
        (language, points) for language in ("en", "ar", "so", "ur") for points in TEXT_SIZES
    }
    return {(language, points): render_guide(guide(language, points)) for language, points in wanted}


def test_nothing_on_the_paper_is_smaller_than_was_asked_for(printed: dict[tuple[str, int], bytes]) -> None:
    for (language, points), paper in printed.items():
        sizes = [piece.points for piece in pieces(paper)]
        assert min(sizes) >= points - 0.01, (language, points)
        assert sum(size < points * 1.3 for size in sizes) > len(sizes) / 3, (language, points)


def test_nothing_reaches_over_the_edge_of_the_paper(printed: dict[tuple[str, int], bytes]) -> None:
    for (language, points), paper in printed.items():
        width, height = (size * 72 / 25.4 for size in page_sizes(paper)[0])
        outside = [
            piece
            for piece in pieces(paper)
            if piece.left < MARGIN or piece.right > width - MARGIN or piece.bottom < 4 or piece.top > height - 4
        ]
        assert outside == [], (language, points)


def test_lines_do_not_run_into_each_other(printed: dict[tuple[str, int], bytes]) -> None:
    """Between any two lines of a page there is a strip without ink, or they are beside each other; Nastaliq hangs."""
    for (language, points), paper in printed.items():
        if language == "ur":
            continue
        boxes = [piece for piece in pieces(paper) if piece.top - piece.bottom > 1]
        for one in boxes:
            for other in boxes:
                if one.page == other.page and one.bottom > other.bottom + points:
                    across = min(one.right, other.right) - max(one.left, other.left)
                    assert across <= 1 or one.bottom > other.top - points * 0.35, (language, points, one, other)


def test_no_page_is_all_but_empty(printed: dict[tuple[str, int], bytes]) -> None:
    """What is above the foot of a page reaches down at least a quarter of it."""
    for (language, points), paper in printed.items():
        height = page_sizes(paper)[0][1] * 72 / 25.4
        said = [piece for piece in pieces(paper) if piece.bottom > 3 * points + MARGIN]
        lowest = {page: min(piece.bottom for piece in said if piece.page == page) for page in {p.page for p in said}}
        assert max(lowest.values()) < height * 0.75, (language, points)
        assert len(lowest) == len(page_sizes(paper))


def test_its_letters_are_in_the_file(printed: dict[tuple[str, int], bytes]) -> None:
    assert {state for paper in printed.values() for state in embedded(paper)} == {True}


@pytest.mark.parametrize("language", languages())
def test_it_looks_as_it_did_when_somebody_found_it_right(printed: dict[tuple[str, int], bytes], language: str) -> None:
    with Image.open(LOOKED_AT / f"{language}.png") as kept:
        assert difference(kept.convert("L"), page_looked_at(printed[language, 18])) < TOLERANCE


def page_looked_at(paper: bytes) -> Image.Image:
    return pictures(paper, PICTURE_DPI)[2]


def test_it_says_when_where_to_ring_and_when_to_give_it_back() -> None:
    said = words(guide())
    for part in (
        *("For Sample", "Music morning", "Every Tuesday at 10:30 in the morning", "020 7946 0000"),
        *("Each month you have: 20 GB", "about: 14 hours", "Friday 12 June 2026", CODE, "Page 1 of"),
    ):
        assert part in said


@pytest.mark.parametrize(("language", "part"), [("bn", "শুক্রবার, 12 জুন 2026"), ("uk", "п’ятниця, 12 червня 2026 року")])
def test_its_words_can_be_read_out_of_the_file(language: str, part: str) -> None:
    assert part in words(guide(language))


def test_the_code_on_it_is_the_one_on_the_tablet() -> None:
    found = [code.text for page in pictures(render_guide(guide())) for code in decode(page)]
    assert found == [guide().code_url]


@pytest.mark.parametrize("language", languages())
def test_a_mifi_is_charged_and_turned_on_and_goes_back_too(language: str) -> None:
    said = words(replace(guide(language), from_a_mifi=True))
    assert "MiFi" in said
    assert "MiFi" not in words(guide(language))
    if language == "en":
        assert "Charge it, and turn it on" in said
        assert "give it back with the tablet" in said
        assert "has its own internet" not in said


def test_what_is_not_known_is_left_out_and_says_what_to_do() -> None:
    bare = replace(
        guide(), look=UNKNOWN, meetings=(), gb_each_month=None, give_back_on=None, help_phone="", code_url=""
    )
    said = words(bare)
    assert "You have not chosen a group yet" in said
    assert "The tablet uses the Wi-Fi in your home" in said
    assert "we tell you the day to give it back" in said
    assert "Ask the person who brought you the tablet" in said
    assert "The on button is on the edge" in said
    assert not any(decode(page) for page in pictures(render_guide(bare)))


def test_it_knows_no_more_of_a_person_than_the_first_name() -> None:
    about_a_person = {"first_name", "language", "points"}
    about_the_tablet = {"code", "code_url", "look", "gb_each_month", "video_hours", "from_a_mifi", "give_back_on"}
    about_the_tablet |= {"meetings"}
    assert {each.name for each in fields(GuideValues)} == about_a_person | about_the_tablet | {
        "help_phone",
        "help_hours",
    }


def test_the_buttons_are_where_they_are_on_this_tablet() -> None:
    placed = {
        edge: {
            (round(piece.left), round(piece.bottom))
            for piece in pieces(render_guide(replace(guide(), look=with_buttons_on(UNKNOWN, edge))))
        }
        for edge in (Edge.LEFT, Edge.RIGHT)
    }
    names_left, names_right = placed[Edge.LEFT] - placed[Edge.RIGHT], placed[Edge.RIGHT] - placed[Edge.LEFT]
    assert len(names_left) == len(names_right) == 2
    assert max(left for left, _ in names_left) < min(left for left, _ in names_right)


def test_a_make_we_know_has_a_picture_and_another_has_one_without_buttons() -> None:
    assert look_of("Samsung", "SM-X110").on is not None
    assert look_of("HTC", "Nexus 9").on != look_of("samsung", "").on
    assert look_of("Nobody", "Tab") == UNKNOWN


def test_ten_gatherings_go_on_over_the_page() -> None:
    many = replace(guide(points=24), meetings=tuple(Meeting(f"Group {n}", n % 7, time(10)) for n in range(10)))
    said = words(many)
    assert all(f"Group {n}" in said for n in range(10))


def test_equal_values_make_equal_bytes() -> None:
    assert render_guide(guide("ur")) == render_guide(guide("ur"))
    assert render_guide(guide("ur")) != render_guide(replace(guide("ur"), code="K7F3-QY"))


def test_many_printed_at_once_are_as_good_as_one() -> None:
    alone = [render_guide(guide(language)) for language in ("ur", "bn", "en", "ur")]
    with ThreadPoolExecutor(4) as several:
        assert list(several.map(render_guide, [guide(language) for language in ("ur", "bn", "en", "ur")])) == alone


def test_a_language_without_papers_prints_nothing() -> None:
    with pytest.raises(LanguageMissing):
        render_guide(guide("tw"))


def test_an_agreement_has_its_words_its_day_and_a_line_to_sign_on() -> None:
    paper = render_agreement(AGREEMENT)
    said = " ".join(" ".join(texts(paper)).split())
    for part in (AGREEMENT.lead, *AGREEMENT.terms, AGREEMENT.accept, "Friday 12 June 2026", "Your name", "Doorstep 1"):
        assert part in said
    assert min(piece.points for piece in pieces(paper)) >= 18
    assert metadata(paper)["Title"] == "What we agree"


@pytest.mark.parametrize("terms", range(4, 12))
def test_nobody_signs_on_a_page_on_which_nothing_is_agreed(terms: int) -> None:
    agreed = replace(
        AGREEMENT, terms=("The tablet is ours. It is lent to you for some weeks, and it costs nothing.",) * terms
    )
    *_, signed = texts(render_agreement(agreed))
    assert f"{terms}." in signed
    assert "Your name" in signed


def test_the_number_of_a_term_reads_from_right_to_left_where_the_words_do() -> None:
    agreed = replace(AGREEMENT, language="ar", terms=("الجهاز لنا.", "تعيده."))
    with pypdfium2.PdfDocument(render_agreement(agreed)) as document:
        page = document[0].get_textpage()
        where = page.get_text_range().index(".2 ")
        dot, figure = (page.get_charbox(where + place) for place in (0, 1))
    assert dot[0] < figure[0]


def main() -> None:
    """Keep the pages as they look today. Look at them first."""
    LOOKED_AT.mkdir(exist_ok=True)
    for language in languages():
        page_looked_at(render_guide(guide(language, 18))).save(LOOKED_AT / f"{language}.png", optimize=True)


if __name__ == "__main__":
    main()
