"""Due dates: local days, working days of each nation, calendar months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.clock import add_months
from fleet.cohorts.calendar import NATIONS, bank_holidays, is_open
from fleet.cohorts.rules import LoanPolicy, NoOpenDay, due_date, natural_end, policy_problems, roll_forward

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("nation", "opens"),
    [
        ("ENG", date(2022, 1, 4)),
        ("WLS", date(2022, 1, 4)),
        ("SCT", date(2022, 1, 5)),
        ("NIR", date(2022, 1, 4)),
    ],
)
def test_3_january_2022_rolls_to_each_nations_own_day(nation: str, opens: date) -> None:
    assert roll_forward(date(2022, 1, 3), nation) == opens


@pytest.mark.parametrize(
    ("day", "nation", "opens"),
    [
        (date(2026, 11, 30), "SCT", date(2026, 12, 1)),  # St Andrew's Day
        (date(2026, 11, 30), "ENG", date(2026, 11, 30)),
        (date(2026, 7, 13), "NIR", date(2026, 7, 14)),  # the Twelfth, observed
        (date(2026, 7, 13), "ENG", date(2026, 7, 13)),
        (date(2026, 8, 3), "SCT", date(2026, 8, 4)),  # summer bank holiday, first Monday
        (date(2026, 8, 31), "ENG", date(2026, 9, 1)),  # last Monday
        (date(2026, 12, 25), "ENG", date(2026, 12, 29)),  # Friday, then a weekend, then Boxing Day observed
    ],
)
def test_each_nation_keeps_its_own_bank_holidays(day: date, nation: str, opens: date) -> None:
    assert roll_forward(day, nation) == opens


@given(days, st.sampled_from(NATIONS))
def test_rolling_ends_on_the_first_open_day_and_stays_there(day: date, nation: str) -> None:
    rolled = roll_forward(day, nation)
    assert is_open(rolled, nation)
    assert roll_forward(rolled, nation) == rolled
    assert not any(is_open(day + timedelta(days=passed), nation) for passed in range((rolled - day).days))


def test_a_calendar_that_never_opens_is_refused_and_does_not_loop() -> None:
    with pytest.raises(NoOpenDay, match="no open day in the year after 1 June 2026"):
        roll_forward(date(2026, 6, 1), "ENG", opens=lambda _day, _nation: False)


def test_a_nation_we_do_not_know_is_a_mistake_and_not_england() -> None:
    with pytest.raises(ValueError, match="FRA"):
        bank_holidays(2026, "FRA")


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 3, 31), 12, date(2027, 3, 31)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_months_last(day: date, months: int, wanted: date) -> None:
    assert add_months(day, months) == wanted


@given(days, st.integers(1, 36))
def test_months_never_skip_a_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day


@given(days, st.integers(1, 366), st.sampled_from(NATIONS))
def test_a_due_date_is_never_before_the_loan_has_run_its_time(start: date, length: int, nation: str) -> None:
    policy = LoanPolicy(taster_days=length)
    due = due_date(start, policy, nation)
    assert due >= start + timedelta(days=length)
    assert is_open(due, nation)


def test_a_day_asked_for_goes_before_a_cohort_and_a_cohort_before_the_policy() -> None:
    start, asked, ends = date(2026, 6, 1), date(2026, 6, 11), date(2026, 6, 24)
    assert due_date(start, LoanPolicy(), "ENG", cohort_end=ends, asked_for=asked) == asked
    assert due_date(start, LoanPolicy(), "ENG", cohort_end=ends) == ends
    assert due_date(start, LoanPolicy(), "ENG", cohort_end=start, asked_for=start) == date(2026, 6, 29)


def test_months_are_the_stated_policy_where_they_are_given() -> None:
    assert natural_end(date(2027, 1, 31), LoanPolicy(taster_months=1)) == date(2027, 2, 28)
    assert natural_end(date(2027, 1, 31), LoanPolicy()) == date(2027, 2, 28)
    assert natural_end(date(2026, 7, 31), LoanPolicy(taster_months=2)) == date(2026, 9, 30)


def test_a_policy_that_cannot_be_is_told_field_by_field() -> None:
    assert policy_problems(LoanPolicy()) == {}
    assert set(policy_problems(LoanPolicy(taster_days=0, grace_days=99, taster_months=13))) == {
        *("taster_days", "grace_days", "taster_months")
    }
