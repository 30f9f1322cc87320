"""Words that are too hard are said to be so where they are saved; nothing is refused."""

from __future__ import annotations

from dataclasses import replace

from fleet.chasing.ladder import default_ladder
from fleet.chasing.words import hard_words

HARD = "Notwithstanding the aforementioned contractual obligations, remuneration necessitates immediate restitution."


def test_hard_words_of_a_programme_are_remarked_on_and_plain_ones_are_not() -> None:
    ladder = default_ladder()
    first, *others = ladder.rungs
    assert hard_words(ladder) == ""
    said = hard_words(replace(ladder, rungs=(replace(first, body=HARD), *others)))
    assert "That is hard to read" in said
    assert said.startswith(" A week before it is due: Reading age ")
    plain = replace(first, body="Hello. Your tablet is due back soon. Ring us if you need it longer.")
    assert hard_words(replace(ladder, rungs=(plain, *others))) == ""
