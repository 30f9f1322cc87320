"""Which days a hub is open: bank holidays of each nation, its own week, closures and exceptions."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet.cohorts.calendar import (
    NATIONS,
    Hours,
    HubCalendar,
    NoOpenDay,
    SpecialDays,
    bank_holidays,
)

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
ENGLAND = HubCalendar("ENG")


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
    assert HubCalendar(nation).roll_forward(date(2022, 1, 3)) == opens


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
    assert HubCalendar(nation).roll_forward(day) == opens


def special(day: date) -> st.SearchStrategy[SpecialDays]:
    """Some days near `day`, closed or open, once or every year."""
    return st.builds(
        lambda begin, length, opens, yearly: SpecialDays(
            day + timedelta(days=begin), day + timedelta(days=begin + length), "Sample", opens, yearly
        ),
        st.integers(-20, 20),
        st.integers(0, 30),
        st.booleans(),
        st.booleans(),
    )


@given(st.data(), days, st.sampled_from(NATIONS))
def test_rolling_ends_on_the_first_open_day_and_stays_there(data: st.DataObject, day: date, nation: str) -> None:
    calendar = HubCalendar(nation, special=tuple(data.draw(st.lists(special(day), max_size=3))))
    rolled = calendar.roll_forward(day)
    assert calendar.is_open(rolled)
    assert calendar.why_closed(rolled) == ""
    assert calendar.roll_forward(rolled) == rolled
    passed = [day + timedelta(days=ahead) for ahead in range((rolled - day).days)]
    assert not any(calendar.is_open(each) for each in passed)
    assert all(calendar.why_closed(each) for each in passed)


def test_a_calendar_that_never_opens_is_refused_and_does_not_loop() -> None:
    closed = HubCalendar("ENG", special=(SpecialDays(date(2026, 6, 1), date(2027, 12, 31), "Moving house"),))
    with pytest.raises(NoOpenDay, match="no open day in the year after 1 June 2026"):
        closed.roll_forward(date(2026, 6, 1))


def test_a_nation_we_do_not_know_is_a_mistake_and_not_england() -> None:
    with pytest.raises(ValueError, match="FRA"):
        bank_holidays(2026, "FRA")


def test_a_hub_that_opens_on_saturdays_and_never_on_mondays() -> None:
    week = tuple(Hours(weekday, time(10), time(16)) for weekday in (1, 2, 3, 5))
    calendar = HubCalendar("ENG", week)
    assert [calendar.is_open(date(2026, 6, 1) + timedelta(days=ahead)) for ahead in range(7)] == [
        *(False, True, True, True, False, True, False)
    ]
    assert calendar.why_closed(date(2026, 6, 1)) == "a Monday"


def test_a_closure_that_comes_every_year_comes_over_the_turn_of_the_year() -> None:
    christmas = SpecialDays(date(2025, 12, 24), date(2026, 1, 2), "Christmas", yearly=True)
    calendar = HubCalendar("ENG", special=(christmas,))
    assert calendar.roll_forward(date(2030, 12, 24)) == date(2031, 1, 3)
    assert calendar.is_open(date(2024, 12, 24)), "it began in 2025"
    assert calendar.why_closed(date(2031, 1, 2)) == "Christmas"


def test_a_leap_day_that_comes_every_year_is_28_february_in_other_years() -> None:
    leap = SpecialDays(date(2028, 2, 29), date(2028, 2, 29), "Sample day", yearly=True)
    calendar = HubCalendar("ENG", special=(leap,))
    assert not calendar.is_open(date(2029, 2, 28))
    assert not calendar.is_open(date(2032, 2, 29))
    assert calendar.is_open(date(2029, 3, 1))


def test_an_open_day_inside_a_closure_is_open_and_a_closed_one_inside_open_days_is_closed() -> None:
    closed = SpecialDays(date(2026, 12, 21), date(2027, 1, 8), "Winter")
    open_again = SpecialDays(date(2026, 12, 29), date(2026, 12, 29), "Open for returns", opens=True)
    saturdays = SpecialDays(date(2026, 6, 1), date(2026, 6, 30), "Open every day", opens=True)
    training = SpecialDays(date(2026, 6, 13), date(2026, 6, 13), "Training")
    calendar = HubCalendar("ENG", special=(closed, open_again, saturdays, training))
    assert calendar.roll_forward(date(2026, 12, 21)) == date(2026, 12, 29)
    assert calendar.roll_forward(date(2026, 12, 30)) == date(2027, 1, 11)
    assert (calendar.is_open(date(2026, 6, 6)), calendar.is_open(date(2026, 6, 13))) == (True, False)


def test_a_bank_holiday_can_be_worked() -> None:
    worked = SpecialDays(date(2026, 8, 31), date(2026, 8, 31), "Open on the bank holiday", opens=True)
    assert not ENGLAND.is_open(date(2026, 8, 31))
    assert "Bank Holiday" in ENGLAND.why_closed(date(2026, 8, 31))
    assert HubCalendar("ENG", special=(worked,)).is_open(date(2026, 8, 31))


def test_working_days_leave_out_what_is_closed() -> None:
    training = SpecialDays(date(2026, 6, 3), date(2026, 6, 3), "Training")
    calendar = HubCalendar("ENG", special=(training,))
    assert calendar.working_days_after(date(2026, 6, 1), 4) == date(2026, 6, 8)
    assert calendar.working_days_after(date(2026, 6, 6), 0) == date(2026, 6, 8)
