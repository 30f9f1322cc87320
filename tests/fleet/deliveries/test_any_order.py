"""Whatever two couriers' phones tell, and however the news of it arrives, the day ends the same."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings

from fleet.deliveries.rules import Action
from tests.delivering import Delivering
from tests.fixtures.databases import ON_POSTGRESQL, ON_SQLITE
from tests.fleet.deliveries.days import CLOCKS, COURIER_OF, Batch, Books, Day, Said, days, differences, end_of, prepare

DAYS, DAYS_ON_POSTGRESQL = 250, 50
"""Three hundred together; `make bench` plays ten thousand."""


@pytest.fixture
def books(delivering: Delivering) -> Books:
    return prepare(delivering)


def told_backwards(stop: int, *happened: tuple[int, Action, int]) -> Day:
    """What happened at a stop, as (minute, action, what was ticked), told one by one with the last first."""
    return _last_first(tuple(Said(COURIER_OF[stop], stop, action, at, ticked) for at, action, ticked in happened))


def _last_first(said: tuple[Said, ...]) -> Day:
    arrivals = tuple(Batch(said[place].courier, (place,)) for place in reversed(range(len(said))))
    return Day(said, (CLOCKS[0], CLOCKS[1]), arrivals)


def swapped_backwards(stop: int, *happened: Action | tuple[Action, bool]) -> Day:
    """What happened at a swap, ten minutes apart and told with the last first. With `True`: of the tablet that goes
    out, as every loading is."""
    pairs = [each if isinstance(each, tuple) else (each, each is Action.LOAD) for each in happened]
    said = tuple(
        Said(COURIER_OF[stop], stop, action, minute * 10, other=other) for minute, (action, other) in enumerate(pairs)
    )
    return _last_first(said)


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

SWAPPED_ON_THE_SECOND_TRIP = swapped_backwards(
    6, Action.LOAD, Action.FAILED, (Action.BACK_AT_HUB, True), Action.LOAD, Action.SWAP, Action.BACK_AT_HUB
)
BOTH_BACK_BEFORE_THE_SWAP = swapped_backwards(6, (Action.BACK_AT_HUB, True), Action.BACK_AT_HUB, Action.SWAP)
SWAPPED_TWICE = swapped_backwards(
    7, Action.SWAP, Action.LOAD, Action.BACK_AT_HUB, Action.SWAP, (Action.BACK_AT_HUB, True)
)


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
@example(day=SWAPPED_ON_THE_SECOND_TRIP)
@example(day=BOTH_BACK_BEFORE_THE_SWAP)
@example(day=SWAPPED_TWICE)
def test_any_day_of_two_couriers_ends_the_same_however_its_facts_arrive(books: Books, day: Day) -> None:
    assert differences(end_of(books, day, day.arrivals), end_of(books, day, day.told_at_once)) == {}


@ON_POSTGRESQL
@played(DAYS_ON_POSTGRESQL)
@given(day=days())
def test_and_so_it_does_on_postgresql(books: Books, day: Day) -> None:
    assert differences(end_of(books, day, day.arrivals), end_of(books, day, day.told_at_once)) == {}
