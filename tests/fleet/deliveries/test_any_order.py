"""Whatever two couriers' phones tell, and however the news of it arrives, the day ends the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.delivering import Delivering
from tests.fleet.deliveries.days import Books, Day, days, differences, end_of, prepare

DAYS = 150
"""On each engine. `make bench` plays ten thousand."""


@pytest.fixture
def books(delivering: Delivering) -> Books:
    return prepare(delivering)


@settings(
    max_examples=DAYS,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],  # each day is undone, so that the next finds none
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # explaining traces each line, for minutes
)
@given(day=days())
def test_any_day_of_two_couriers_ends_the_same_however_its_facts_arrive(books: Books, day: Day) -> None:
    assert differences(end_of(books, day, day.arrivals), end_of(books, day, day.told_at_once)) == {}
