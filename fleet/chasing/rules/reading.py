"""How hard a text is to read: measured, so that whoever writes one sees it before somebody has to read it.

Plain Python, no I/O. Reading age is measured for English alone: no such measure holds in twelve languages, but a short
sentence is easier in all of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HARDEST = 6.0
"""Flesch and Kincaid's school grade: a child of eleven reads grade 6. Easy read has half of that."""
LONGEST_SENTENCE, LONGEST_IDEA = 22, 13
"""Words in a sentence of a message, and in a line of easy read."""
_AGE_AT_GRADE_NOUGHT = 5
PLAIN_AGE, EASY_READ_AGE = round(_AGE_AT_GRADE_NOUGHT + HARDEST), round(_AGE_AT_GRADE_NOUGHT + HARDEST / 2)


@dataclass(frozen=True)
class ReadingEase:
    """`age` is the reading age, None in another language than English. `longest` is the longest sentence, or the
    longest line of easy read, in words; `is_plain` whether both are within what we hold ourselves to."""

    age: int | None
    longest: int
    is_plain: bool


def reading_ease(text: str, *, english: bool, easy: bool) -> ReadingEase:
    """How hard a message is to read. Each line of easy read is a sentence, whether or not a full stop says so."""
    grade = reading_grade(text.replace("\n", ".\n") if easy else text) if english else None
    parts = [line for line in text.splitlines() if line.strip()] if easy else sentences(text)
    longest = max((len(each.split()) for each in parts), default=0)
    hardest, most = (HARDEST / 2, LONGEST_IDEA) if easy else (HARDEST, LONGEST_SENTENCE)
    return ReadingEase(
        age=max(_AGE_AT_GRADE_NOUGHT, round(grade + _AGE_AT_GRADE_NOUGHT)) if grade is not None else None,
        longest=longest,
        is_plain=longest <= most and (grade is None or grade <= hardest),
    )


def reading_grade(text: str) -> float:
    """Flesch and Kincaid's grade: longer sentences and longer words are harder."""
    parts = [part for part in re.split(r"[.!?]+|\n\n", text) if re.search(r"[A-Za-z]", part)]
    words = re.findall(r"[A-Za-z’']+", text)
    if not words:
        return 0.0
    per_word = sum(syllables(word) for word in words) / len(words)
    return 0.39 * len(words) / len(parts) + 11.8 * per_word - 15.59


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end left out; at least one."""
    bare = word.lower()
    if bare.endswith("e") and not bare.endswith("le"):
        bare = bare[:-1]
    return max(1, len(re.findall(r"[aeiouy]+", bare)))


def sentences(text: str) -> list[str]:
    """The sentences of a text in any of our languages."""
    return [part for part in re.split(r"[.!?।۔؟:]+\s|\n", text) if part.strip()]
