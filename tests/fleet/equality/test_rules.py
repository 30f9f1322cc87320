"""The questions are data, a list for each nation, and no small number is ever shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.equality.rules import HIDDEN_BELOW, RATHER_NOT, ROUNDED_TO, counted, problems, questions, shown

NATIONS = ("ENG", "WLS", "SCT", "NIR")


@pytest.mark.parametrize("nation", NATIONS)
def test_every_nation_has_a_list_for_every_question_that_ends_in_rather_not_say(nation: str) -> None:
    for question in questions():
        codes = [option.code for option in question.options(nation)]
        assert codes[-1] == RATHER_NOT
        assert len(codes) == len(set(codes))
        assert all(len(code) <= 40 for code in codes)


def test_each_nation_asks_by_its_own_groups() -> None:
    groups = next(question for question in questions() if question.code == "ethnic_group")
    counts = {nation: len(groups.options(nation)) - 1 for nation in NATIONS}
    assert counts == {"ENG": 19, "WLS": 19, "SCT": 18, "NIR": 10}
    assert "white_showman" in {option.code for option in groups.options("SCT")}
    assert problems({"ethnic_group": "white_showman"}, "ENG") == {"ethnic_group": "Choose one of the answers, or none."}
    assert problems({"ethnic_group": "white_showman"}, "SCT") == {}


@given(st.integers(min_value=0, max_value=100_000))
def test_a_count_is_hidden_or_rounded_and_never_told(number: int) -> None:
    told = shown(number)
    if number < HIDDEN_BELOW:
        assert told is None
    else:
        assert told is not None
        assert told % ROUNDED_TO == 0
        assert abs(told - number) <= ROUNDED_TO / 2


def test_an_answer_nobody_gave_stands_in_the_table_like_one_that_few_gave() -> None:
    housing = next(question for question in questions() if question.code == "housing")
    rows = counted(housing, "ENG", {"owned": 3, "private_rented": 23})
    assert {row.words: row.number for row in rows if row.number is not None} == {"Rented from a private landlord": 25}
    assert len(rows) == len(housing.options("ENG"))
