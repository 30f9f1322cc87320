"""The words of papers: whole in every language, easy in English, and honest about who has read them."""

from __future__ import annotations

import re
from datetime import date, time
from string import Template

import pytest

from fleet.chasing.rules.reading import HARDEST, reading_grade
from labels.errors import LanguageMissing
from labels.paper.texts import languages, paper_texts

ENGLISH = paper_texts("en")
COMMUNITY = [each for each in languages() if each not in ("en", "cy")]
NEVER_SAID = {"overdue", "late", "return", "must", "device", "loan", "user", "fine", "penalty", "failure", "invalid"}


def names_in(text: Template) -> set[str]:
    return set(re.findall(r"\$(\w+)", text.template))


def test_there_are_papers_in_english_welsh_and_ten_community_languages() -> None:
    assert languages()[0] == "en"
    assert "cy" in languages()
    assert len(COMMUNITY) == 10
    assert {each for each in COMMUNITY if paper_texts(each).rtl} == {"ar", "ur"}


@pytest.mark.parametrize("language", languages())
def test_a_language_says_all_that_english_says_with_the_same_blanks(language: str) -> None:
    texts = paper_texts(language)
    for given, wanted in ((texts.words, ENGLISH.words), (texts.dates.patterns, ENGLISH.dates.patterns)):
        assert {key: names_in(text) for key, text in given.items()} == {
            key: names_in(text) for key, text in wanted.items()
        }
    assert [len(each) for each in (texts.dates.days, texts.dates.months, texts.dates.every)] == [7, 12, 7]
    assert all(text.template.strip() for text in texts.words.values())


@pytest.mark.parametrize("language", COMMUNITY)
def test_nothing_is_english_where_it_says_to_be_another_language(language: str) -> None:
    words = paper_texts(language).words
    assert [key for key, text in words.items() if text.template == ENGLISH.words[key].template] == []


def test_what_nobody_has_read_says_so() -> None:
    assert ENGLISH.reviewed
    assert not any(paper_texts(language).reviewed for language in languages() if language != "en")


def test_a_language_without_papers_is_refused_and_never_english() -> None:
    with pytest.raises(LanguageMissing, match="no papers in the language 'tw'"):
        paper_texts("tw")
    with pytest.raises(LanguageMissing):
        paper_texts("../en")


def test_a_child_of_ten_can_read_the_english() -> None:
    """Flesch and Kincaid's grade (1975): 0.39 for a word a sentence, 11.8 for a syllable a word, less 15.59."""
    sentences = [text.template for text in ENGLISH.words.values() if text.template.endswith((".", "?"))]
    assert reading_grade(" ".join(sentences)) <= HARDEST
    assert max(reading_grade(each) for each in sentences) <= HARDEST + 2


def test_the_english_asks_kindly() -> None:
    said = {word for text in ENGLISH.words.values() for word in re.findall(r"[a-z]+", text.template.lower())}
    assert said.isdisjoint(NEVER_SAID)


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("en", "Friday 12 June 2026"),
        ("cy", "Dydd Gwener 12 Mehefin 2026"),
        ("pl", "piątek, 12 czerwca 2026 r."),
        ("pt", "sexta-feira, 12 de junho de 2026"),
        ("uk", "п’ятниця, 12 червня 2026 року"),
        ("ur", "جمعہ 12 جون 2026"),
    ],
)
def test_a_day_is_said_in_words(language: str, day: str) -> None:
    assert paper_texts(language).day(date(2026, 6, 12)) == day


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(10, 30), "Every Tuesday at 10:30 in the morning"),
        (time(12, 5), "Every Tuesday at 12:05 in the afternoon"),
        (time(14, 0), "Every Tuesday at 2 o’clock in the afternoon"),
        (time(19, 15), "Every Tuesday at 7:15 in the evening"),
        (time(0, 0), "Every Tuesday at 12 o’clock at night"),
    ],
)
def test_a_time_is_said_with_its_part_of_the_day(at: time, words: str) -> None:
    assert ENGLISH.weekly(1, at) == words
