"""Due dates and policies: calendar months, the order of what decides, and for whom a programme is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.clock import add_months
from fleet.cohorts.calendar import NATIONS, HubCalendar
from fleet.cohorts.rules import BARRIERS, OUTCOMES, LoanPolicy, due_date, natural_end, not_for_them, policy_problems
from fleet.loans.rules import Barrier, GoesOn
from fleet.loans.words import what_next

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))


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
    calendar = HubCalendar(nation)
    due = due_date(start, policy, calendar)
    assert due >= start + timedelta(days=length)
    assert calendar.is_open(due)


def test_a_day_asked_for_goes_before_a_cohort_and_a_cohort_before_the_policy() -> None:
    start, asked, ends = date(2026, 6, 1), date(2026, 6, 11), date(2026, 6, 24)
    england = HubCalendar("ENG")
    assert due_date(start, LoanPolicy(), england, cohort_end=ends, asked_for=asked) == asked
    assert due_date(start, LoanPolicy(), england, cohort_end=ends) == ends
    assert due_date(start, LoanPolicy(), england, cohort_end=start, asked_for=start) == date(2026, 6, 29)


def test_months_are_the_stated_policy_where_they_are_given() -> None:
    assert natural_end(date(2027, 1, 31), LoanPolicy(taster_months=1)) == date(2027, 2, 28)
    assert natural_end(date(2027, 1, 31), LoanPolicy()) == date(2027, 2, 28)
    assert natural_end(date(2026, 7, 31), LoanPolicy(taster_months=2)) == date(2026, 9, 30)


def test_a_policy_that_cannot_be_is_told_field_by_field() -> None:
    assert policy_problems(LoanPolicy()) == {}
    assert set(policy_problems(LoanPolicy(taster_days=0, grace_days=99, taster_months=13))) == {
        *("taster_days", "grace_days", "taster_months")
    }


def test_a_programme_for_an_area_and_a_barrier_says_for_whom_it_is_not() -> None:
    policy = LoanPolicy(areas=("N19", "E"), barriers=("device", "skills"))
    assert not_for_them(policy, area="N19", barriers=["skills"]) == {}
    assert not_for_them(policy, area="E8", barriers=["device", "connectivity"]) == {}
    assert not_for_them(policy, area="EC1", barriers=["connectivity"]) == {
        "postcode": "This programme is for people in N19, E.",
        "barriers": "This programme is for people who lack a device or the skills.",
    }
    assert not_for_them(LoanPolicy(), area="", barriers=()) == {}


def test_areas_and_barriers_that_cannot_be_are_told() -> None:
    assert set(policy_problems(LoanPolicy(areas=("N19 5XX",), barriers=("money",)))) == {"areas", "barriers"}
    assert policy_problems(LoanPolicy(areas=("N19", "EC1A", "G"))) == {}


def test_the_barriers_of_a_programme_are_those_of_a_request() -> None:
    assert set(BARRIERS) == set(Barrier)


def test_what_a_programme_may_count_is_what_somebody_may_go_on_to() -> None:
    no_way_online = {GoesOn.DECLINED, GoesOn.NOTHING, GoesOn.NOT_KNOWN}
    assert set(OUTCOMES) == set(GoesOn) - no_way_online


def test_what_a_programme_counts_is_offered_first_and_nothing_is_left_out() -> None:
    offered = what_next(["library"])
    assert offered[0] == ("library", "A library or a community place (this programme counts it)")
    assert {code for code, _ in offered} == set(GoesOn)
