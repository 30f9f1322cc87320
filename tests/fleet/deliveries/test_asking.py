"""How often a fact asks the database: every statement is a wait at a door, and one more slips in unnoticed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event

from fleet.database.session import Database
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import Action, Answer
from tests.delivering import Delivering
from tests.fixtures.databases import ON_POSTGRESQL, ON_SQLITE

DAY = (Action.LOAD, Action.FAILED, Action.LOAD, Action.HAND_OVER)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    statements: list[str] = []

    def write_down(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", write_down)
    yield statements
    event.remove(database.engine, "before_cursor_execute", write_down)


@pytest.fixture
def told(delivering: Delivering) -> list[int]:
    """The statements of each fact of a day, in a run with stops beside."""
    run = delivering.run()
    job = delivering.delivery(run)
    for _ in range(3):
        delivering.delivery(run)
    return [asked_for(delivering, action, job) for action in DAY]


def asked_for(delivering: Delivering, action: Action, job: DeliveryJob) -> int:
    fact = delivering.fact(action, job)
    with counted(delivering.lending.database) as statements:
        assert delivering.tell_one(fact).answer is Answer.APPLIED
    return len(statements)


@ON_SQLITE
def test_a_fact_asks_the_database_of_an_only_writer_some_twenty_times(told: list[int]) -> None:
    assert not more_than((22, 21, 18, 37), told)


@ON_POSTGRESQL
def test_a_fact_asks_little_more_where_rows_are_locked_one_by_one(told: list[int]) -> None:
    assert not more_than((29, 29, 25, 44), told)


def more_than(most: Sequence[int], told: Sequence[int]) -> dict[int, tuple[int, int]]:
    """place in the day -> (as many as it may ask, as many as it asked), where that is more."""
    return {place: pair for place, pair in enumerate(zip(most, told, strict=True)) if pair[1] > pair[0]}


@ON_SQLITE
def test_a_batch_that_was_told_before_asks_twice_whatever_its_size(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    facts = [delivering.fact(action, job, minutes=minute) for minute, action in enumerate(DAY)]
    delivering.tell(*facts)
    with counted(delivering.lending.database) as statements:
        assert all(each.replayed for each in delivering.tell(*facts))
    assert len(statements) == 2, statements
