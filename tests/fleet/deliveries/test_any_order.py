"""Whatever two couriers' phones tell, and however the news of it arrives, the day ends the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings

from fleet.deliveries.rules import Action
from tests.delivering import Delivering
from tests.fixtures.databases import ON_POSTGRESQL, ON_SQLITE
from tests.fleet.deliveries.days import CLOCKS, Batch, Books, Day, Said, days, differences, end_of, prepare

DAYS, DAYS_ON_POSTGRESQL = 250, 50
"""Three hundred together; `make bench` plays ten thousand."""


@pytest.fixture
def books(delivering: Delivering) -> Books:
    return prepare(delivering)


def told_backwards(stop: int, *happened: tuple[int, Action, int]) -> Day:
    """What happened at a stop, as (minute, action, what was ticked), told one by one with the last first."""
    courier = stop // 3
    said = tuple(Said(courier, stop, action, at, ticked) for at, action, ticked in happened)
    return Day(said, (CLOCKS[0], CLOCKS[1]), tuple(Batch(courier, (place,)) for place in reversed(range(len(said)))))


BACK_BETWEEN_TWO_COLLECTIONS = told_backwards(
    2, (0, Action.COLLECT, 1), (9, Action.BACK_AT_HUB, 0), (20, Action.COLLECT, 0)
)
BACK_BEFORE_IT_FAILED_OR_WAS_LOADED = told_backwards(
    0, (0, Action.BACK_AT_HUB, 0), (10, Action.FAILED, 0), (20, Action.LOAD, 0), (30, Action.LOAD, 0)
)
COLLECTED_AFTER_IT_WAS_HANDED_IN = told_backwards(4, (0, Action.HAND_IN, 0), (9, Action.COLLECT, 1))
LEFT_AT_TWO_PLACES = told_backwards(2, (0, Action.COLLECT, 0), (9, Action.DROP, 0), (20, Action.DROP, 1))
LEFT_BEFORE_IT_CAME_BACK = told_backwards(
    4, (0, Action.COLLECT, 0), (9, Action.DROP, 0), (20, Action.BACK_AT_HUB, 0), (30, Action.DROP, 1)
)
HANDED_OVER_ON_TWO_DAYS = told_backwards(1, (0, Action.HAND_OVER, 1), (24 * 60, Action.HAND_OVER, 2))


def played(number: int) -> settings:
    return settings(
        max_examples=number,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],  # each day is undone, so that the next finds none
        phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],  # explaining traces each line, for minutes
    )


@ON_SQLITE
@played(DAYS)
@given(day=days())
@example(day=BACK_BETWEEN_TWO_COLLECTIONS)
@example(day=BACK_BEFORE_IT_FAILED_OR_WAS_LOADED)
@example(day=COLLECTED_AFTER_IT_WAS_HANDED_IN)
@example(day=LEFT_AT_TWO_PLACES)
@example(day=LEFT_BEFORE_IT_CAME_BACK)
@example(day=HANDED_OVER_ON_TWO_DAYS)
def test_any_day_of_two_couriers_ends_the_same_however_its_facts_arrive(books: Books, day: Day) -> None:
    assert differences(end_of(books, day, day.arrivals), end_of(books, day, day.told_at_once)) == {}


@ON_POSTGRESQL
@played(DAYS_ON_POSTGRESQL)
@given(day=days())
def test_and_so_it_does_on_postgresql(books: Books, day: Day) -> None:
    assert differences(end_of(books, day, day.arrivals), end_of(books, day, day.told_at_once)) == {}
