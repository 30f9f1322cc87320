"""Plays a day: tells it as it arrives, has everything checked that must be true of it, and undoes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy.event import listen, remove
from sqlalchemy.orm import Session, UOWTransaction

from fleet.deliveries import service
from fleet.deliveries.facts import Fact
from fleet.deliveries.rules import Answer
from fleet.deliveries.service import Answered
from tests.fleet.deliveries.days.books import Books
from tests.fleet.deliveries.days.holding import as_the_facts_amount_to, invariants_hold, nothing_is_lost
from tests.fleet.deliveries.days.left import EndState, end_state, read
from tests.fleet.deliveries.days.said import Batch, Day


def end_of(books: Books, day: Day, arrivals: Sequence[Batch]) -> EndState:
    """Tell a day as it arrives, check what has to be true of every day, and undo it all; how it ended."""
    facts = books.facts(day)
    with books.database.new_write_session() as session:
        answers = dict[str, Answered]()
        for batch, at in books.received(day, arrivals):
            told = _tell(session, books, batch.courier, [facts[place] for place in batch.places], at)
            _answered_alike(answers, told)
        left = read(session, books)
        nothing_is_lost(left, facts)
        as_the_facts_amount_to(left)
        invariants_hold(left)
        end = end_state(left)
        if arrivals is day.arrivals:
            with _nothing_written(session):
                for batch in day.told_at_once:
                    _tell(session, books, batch.courier, [facts[place] for place in batch.places], at)
        session.rollback()
    return end


@contextmanager
def _nothing_written(session: Session) -> Iterator[None]:
    """Telling it all once more changes no row."""
    written = list[object]()

    def write_down(_session: Session, context: UOWTransaction) -> None:
        written.extend(context.states)

    listen(session, "after_flush", write_down)
    yield
    remove(session, "after_flush", write_down)
    assert not written, "telling it all once more changed something"


def _tell(session: Session, books: Books, courier: int, facts: Sequence[Fact], at: datetime) -> list[Answered]:
    told = service.tell(session, facts, actor=books.couriers[courier], settings=books.settings, now=at)
    session.flush()
    session.expire_all()
    return told


def _answered_alike(before: dict[str, Answered], told: Sequence[Answered]) -> None:
    """The same id gets the same answer. What waited for another fact may have become fitting since."""
    for answered in told:
        known = before.get(answered.id)
        assert answered.replayed is (known is not None)
        assert answered.answer in Answer
        if known is not None and (known.answer, answered.answer) != (Answer.CONFLICT, Answer.APPLIED):
            assert replace(answered, replayed=False) == replace(known, replayed=False)
        before[answered.id] = answered
