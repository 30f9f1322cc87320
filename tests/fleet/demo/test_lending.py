"""On which day the demonstration's couriers set out, whatever the day it is begun on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import Acts, Dates, standing
from fleet.cohorts.calendar import HubCalendar
from fleet.cohorts.rules import LoanPolicy, due_date
from fleet.demo.lending import delivery_day

DAYS = [date(2026, 11, 1) + timedelta(days=number) for number in range(181)]
"""Over Christmas, the new year and Easter: nowhere else do closed days stand so close."""
A_FORTNIGHT = timedelta(days=14)


@pytest.mark.parametrize("nation", ["ENG", "SCT", "WLS", "NIR"])
def test_whenever_it_begins_everybody_is_written_to_before_and_whoever_is_late_before_they_are_rung(
    nation: str,
) -> None:
    calendar = HubCalendar(nation)
    for today in DAYS:
        given = delivery_day(today, calendar)
        assert today < given <= today + A_FORTNIGHT, today
        eve = given - timedelta(days=1)
        assert delivery_day(eve, calendar) == given, "begun again after it waited, it does not wait for longer"
        told = _steps_taken(given, calendar)
        assert "week_before" in told, today
        assert told[-1] == "days_after", today


def _steps_taken(given: date, calendar: HubCalendar) -> list[str]:
    """What is sent on the open days of a loan that is never given back, until after the first step that comes late."""
    due_on = due_date(given, LoanPolicy(), calendar)
    dates = Dates(due_on, given, calendar, LoanPolicy().grace_days)
    told: list[str] = []
    day = given
    while True:
        day = calendar.roll_forward(day + timedelta(days=1))
        found = standing(default_ladder(), dates, day, told).rung
        if found is not None:
            assert found.by is Acts.SYSTEM, f"{found.key} comes before anything was written"
            told.append(found.key)
            if found.days > 0:
                return told
