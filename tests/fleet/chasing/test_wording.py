"""What borrowers read: plain, kind, and whole."""

from __future__ import annotations

import re
from datetime import date

import pytest

from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import Acts
from fleet.chasing.wording import Blanks, fill_in, text_for, texts

BLANKS = Blanks(first_name="Sample", due_on=date(2026, 6, 12), hub="Sample hub", phone="020 7946 0000")
SYSTEM_RUNGS = [rung.key for rung in default_ladder().rungs if rung.by is Acts.SYSTEM]
NEVER_SAID = (
    *("overdue", "late", "failure", "fail", "invalid", "user", "terminate", "abort", "fine", "penalty", "debt"),
    *("owe", "must", "demand", "final", "warning", "immediately", "device", "loan"),
)
EASIEST, HARDEST = 0.0, 6.0
"""School grades. A child of 9 to 11 reads grades 4 to 6; easier is welcome."""


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end left out; at least one."""
    bare = word.lower()
    if bare.endswith("e") and not bare.endswith("le"):
        bare = bare[:-1]
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def reading_grade(text: str) -> float:
    """Flesch and Kincaid's grade: longer sentences and longer words are harder."""
    sentences = [part for part in re.split(r"[.!?]+|\n\n", text) if re.search(r"[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z’']+", text)
    per_sentence = len(words) / len(sentences)
    per_word = sum(syllables(word) for word in words) / len(words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def test_the_measure_tells_hard_from_easy() -> None:
    easy = "The cat sat on the mat. It was a good cat. We like the cat."
    hard = (
        "Notwithstanding previous correspondence, immediate repatriation of organisational equipment is obligatory "
        "in accordance with contractual stipulations regarding temporary possession."
    )
    assert reading_grade(easy) < HARDEST < reading_grade(hard)


@pytest.mark.parametrize("rung", SYSTEM_RUNGS)
def test_a_child_of_ten_can_read_it(rung: str) -> None:
    subject, body = fill_in(text_for(rung, "en"), BLANKS)
    assert reading_grade(body) <= HARDEST
    assert len(subject) <= 60


@pytest.mark.parametrize("rung", SYSTEM_RUNGS)
def test_it_blames_and_threatens_nobody(rung: str) -> None:
    subject, body = fill_in(text_for(rung, "en"), BLANKS)
    said = set(re.findall(r"[a-z]+", f"{subject} {body}".lower()))
    assert said.isdisjoint(NEVER_SAID)


@pytest.mark.parametrize("rung", SYSTEM_RUNGS)
def test_it_says_when_and_whom_to_ring_and_that_longer_may_be_asked_for(rung: str) -> None:
    subject, body = fill_in(text_for(rung, "en"), BLANKS)
    assert "Friday 12 June" in body
    assert "ring us on 020 7946 0000" in body
    assert "longer" in body
    assert "$" not in subject + body


def test_without_a_phone_number_it_still_reads_well() -> None:
    _, body = fill_in(text_for("due_day", "en"), Blanks("Sample", date(2026, 6, 12), "Sample hub", ""))
    assert "Please talk to us and" in body


def test_a_language_without_a_text_falls_back_to_english() -> None:
    assert text_for("due_day", "tw").language == "en"
    assert texts("../../settings") == {}
