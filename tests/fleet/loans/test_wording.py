"""The words that are shipped for borrowers to agree to: easy, kind, and their own fingerprint."""

from __future__ import annotations

import re
from dataclasses import replace

from fleet.chasing.rules.reading import HARDEST, reading_grade
from fleet.loans.wording import Agreement, digest, fill_in, gift_letter, shipped, venue_agreement
from labels.paper.texts import languages


def english() -> Agreement:
    found = shipped("en")
    assert found is not None
    return found


def test_a_child_of_ten_can_read_what_is_agreed() -> None:
    text = fill_in(english(), hub="the hub", phone="our number")
    assert reading_grade(" ".join((text.lead, *text.terms, text.accept))) <= HARDEST


def test_it_asks_for_no_money_and_threatens_nobody() -> None:
    said = set(re.findall(r"[a-z]+", " ".join(english().terms).lower()))
    assert said.isdisjoint({"must", "liable", "charge", "deposit", "fine", "penalty", "breach", "terminate", "overdue"})


def test_a_phone_number_is_not_cut_at_the_end_of_a_line() -> None:
    assert "020\u00a07946\u00a00000" in fill_in(english(), hub="Sample hub", phone="020 7946 0000").terms[1]


def test_without_a_number_it_says_whom_to_turn_to() -> None:
    assert "Sample hub" in fill_in(english(), hub="Sample hub", phone="").terms[1]


def test_other_words_or_another_version_have_another_fingerprint() -> None:
    text = english()
    assert digest(text) == digest(english())
    changed = (replace(text, version=2), replace(text, accept="Yes."), replace(text, terms=text.terms[1:]))
    assert len({digest(text), *map(digest, changed)}) == 4


def test_a_language_that_is_no_language_has_no_words() -> None:
    assert shipped("tw") is None
    assert shipped("../en") is None


def test_every_language_of_papers_has_a_letter_and_the_english_one_is_easy() -> None:
    letters = {language: gift_letter(language) for language in languages()}
    assert all(letter is not None and len(letter.terms) == 5 for letter in letters.values())
    english = letters["en"]
    assert english is not None
    assert reading_grade(" ".join((english.lead, *english.terms, english.accept))) <= HARDEST


def test_who_looks_after_several_tablets_agrees_to_words_about_several() -> None:
    english, welsh = venue_agreement("en"), venue_agreement("cy")
    assert english is not None
    assert welsh is not None
    assert reading_grade(" ".join((english.lead, *english.terms, english.accept))) <= HARDEST
    assert not re.search(r"\b(this|the) tablet\b|\byourself\b", " ".join(english.terms))
    assert len(welsh.terms) == len(english.terms)
    for part, other in zip((english.lead, *english.terms), (welsh.lead, *welsh.terms), strict=True):
        assert [name in part for name in ("$hub", "$phone")] == [name in other for name in ("$hub", "$phone")]
