"""Reading a plan, and asking about its dates: the plan of the first service we read, and plans made at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.cohorts.plan import DateKind, PlanLine, draft, questions, read_plan
from fleet.cohorts.rules import LoanPolicy

SEED = """date,what
1 March 2021,Project begins
19 March 2021,Find partners and referral routes
30 April 2021,First steering group
17 May 2021,Buy tablets and recruit couriers
5 July 2021,Start of Cohort 1's digital taster month
9 August 2021,Data collection and refine the model
5 October 2020,Start of Cohort 2's digital taster month
1 November 2021,Data collection and refine the model
29 November 2021,Start of Cohort 3's digital taster month
3 January 2022,Data collection of process and outcome measures
31 January 2022,Analysis
28 February 2022,Report and next steps
"""
"""Twelve lines in our words; the dates that matter, and the mistake in them, are those of the service's own plan."""

WRONG = 7


def test_the_seed_plan_is_read_in_its_order_with_the_kind_of_each_day() -> None:
    lines = read_plan(SEED)
    assert [line.number for line in lines] == list(range(1, 13))
    assert [line.day for line in lines][WRONG - 1] == date(2020, 10, 5)
    kinds = [line.kind for line in lines]
    assert [number for number, kind in enumerate(kinds, 1) if kind is DateKind.COHORT_STARTS] == [5, 7, 9]
    assert [(line.number, line.cohort) for line in lines if line.kind is DateKind.DATA_COLLECTION] == [
        *((6, "Cohort 1"), (8, "Cohort 2"), (10, "Cohort 3"))
    ]


def test_the_seed_plans_wrong_year_is_asked_about_and_the_right_monday_offered() -> None:
    [question] = questions(read_plan(SEED))
    assert question.line == WRONG
    assert question.why == "It is earlier than line 6 above it, Monday 9 August 2021."
    assert question.fitting == (date(2021, 10, 4), date(2021, 10, 5)), "the others begin on a Monday"


def test_sorted_by_date_the_seed_plan_is_asked_about_all_the_same() -> None:
    """Written in the order of its dates it looks right, but the second cohort would begin before the first."""
    head, *rows = SEED.splitlines()
    ordered = sorted(read_plan(SEED), key=lambda line: line.day or date.min)
    text = "\n".join([head, *(rows[line.number - 1] for line in ordered)])
    assert text.splitlines()[1].startswith("5 October 2020")
    [question] = questions(read_plan(text))
    assert question.line == 1
    assert question.why == "Cohort 2 would begin before Cohort 1, Monday 5 July 2021."
    assert question.fitting == (date(2021, 10, 4), date(2021, 10, 5))


@pytest.mark.parametrize(
    ("answer", "starts_on"),
    [
        ({"date": "5 October 2021"}, date(2021, 10, 5)),
        ({"keep_because": "Two people tried it out a year before"}, date(2020, 10, 5)),
    ],
)
def test_another_day_or_a_reason_answers_the_question(answer: dict[str, str], starts_on: date) -> None:
    lines = read_plan(SEED, {WRONG: answer})
    assert questions(lines) == ()
    second = draft(lines, LoanPolicy(), places=20).cohorts[1]
    assert (second.name, second.starts_on, second.ends_on) == ("Cohort 2", starts_on, date(2021, 11, 1))
    assert second.kept_because == answer.get("keep_because", "")


def test_the_seed_plan_amounts_to_three_cohorts_that_end_with_their_data_collection() -> None:
    amounts = draft(read_plan(SEED, {WRONG: {"date": "2021-10-05"}}), LoanPolicy(), places=20)
    assert [(each.name, each.starts_on, each.ends_on, each.places) for each in amounts.cohorts] == [
        ("Cohort 1", date(2021, 7, 5), date(2021, 8, 9), 20),
        ("Cohort 2", date(2021, 10, 5), date(2021, 11, 1), 20),
        ("Cohort 3", date(2021, 11, 29), date(2022, 1, 3), 20),
    ]
    assert [(each.ends_on - each.starts_on).days for each in amounts.cohorts] == [35, 27, 35]
    assert sum(each.kind is DateKind.MILESTONE for each in amounts.dates) == 6
    assert amounts.problems == {}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2021-10-05", date(2021, 10, 5)),
        ("05/10/2021", date(2021, 10, 5)),
        ("5.10.2021", date(2021, 10, 5)),
        ("5 Oct 2021", date(2021, 10, 5)),
        ("5th October 2021", date(2021, 10, 5)),
        ("Tue 5 October 2021", date(2021, 10, 5)),
        ("10/31/2021", None),
        ("5 Oct 0021", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_date_is_read_as_people_write_it_here(text: str, day: date | None) -> None:
    [line] = read_plan(f'date,what\n"{text}",Report\n')
    assert (line.day, bool(line.problem)) == (day, day is None)


def test_a_weekday_that_does_not_belong_to_its_date_is_asked_about() -> None:
    [question] = questions(read_plan("date,what\nMonday 5 October 2021,Report\n"))
    assert question.why == "It says Monday, but that day is a Tuesday."
    assert question.fitting == (date(2021, 10, 4),)


def test_a_file_from_another_spreadsheet_is_read_as_it_is() -> None:
    """Semicolons, and the line ends of any system."""
    wanted = read_plan("date,what\n1 June 2026,Begin\n")
    for text in ("date;what\r\n1 June 2026;Begin\r\n", "\ufeffdate,what\r1 June 2026,Begin\r"):
        assert read_plan(text) == wanted


def test_columns_may_say_what_the_words_do_not() -> None:
    text = "what,date,kind,cohort,places\nGo,2026-06-01,cohort starts,Spring,12\nStop,2026-06-30,cohort_ends,spring,\n"
    [spring] = draft(read_plan(text), LoanPolicy()).cohorts
    assert (spring.name, spring.starts_on, spring.ends_on, spring.places) == (
        *("Spring", date(2026, 6, 1), date(2026, 6, 30), 12),
    )


def test_lines_that_cannot_be_used_are_told_line_by_line() -> None:
    text = (
        "date,what,kind,cohort,places\n2026-06-01,,,,\n2026-06-02,Go,party,,\n2026-06-03,Go,cohort_starts,,\n"
        "2026-06-04,Go,cohort_starts,Spring,many\n2026-06-05,Stop,cohort_ends,Autumn,\n"
    )
    problems = draft(read_plan(text), LoanPolicy()).problems
    assert set(problems) == {1, 2, 3, 4, 5}
    assert problems[5].words == "Autumn does not begin anywhere in this plan."
    assert [problems[number].column for number in range(1, 6)] == ["what", "kind", "cohort", "places", "cohort"]


@given(st.lists(st.dates(date(2001, 1, 1), date(2090, 1, 1)), max_size=12))
def test_lines_without_questions_never_fall_and_no_line_is_moved(given_days: list[date]) -> None:
    lines = tuple(PlanLine(number, day, "Sample") for number, day in enumerate(given_days, 1))
    asked = {question.line for question in questions(lines)}
    undoubted = [line.day for line in lines if line.number not in asked and line.day is not None]
    assert undoubted == sorted(undoubted)
    assert bool(asked) == (given_days != sorted(given_days))


@given(st.lists(st.integers(1, 60), min_size=4, max_size=12), st.data())
def test_one_wrong_year_raises_one_question_about_that_line(gaps: list[int], data: st.DataObject) -> None:
    day, lines = date(2026, 1, 1), []
    for number, gap in enumerate(gaps, 1):
        day += timedelta(days=gap)
        lines.append(PlanLine(number, day, "Sample"))
    wrong = data.draw(st.integers(1, len(lines) - 2))
    lines[wrong] = replace(lines[wrong], day=(lines[wrong].day or day) - timedelta(days=3 * 365))
    assert [question.line for question in questions(lines)] == [wrong + 1]
