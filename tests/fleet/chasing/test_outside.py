"""Between the attempt and its outcome: no transaction is open, and whatever goes wrong there, nothing leaves twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

import pytest
from sqlalchemy import Engine, event

from fleet.chasing import service
from fleet.chasing.channels.base import Channel, ChannelFailed, Outgoing
from fleet.chasing.rules import ChaseState, HoldReason
from fleet.loans import service as loans
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing

DUE = date(2026, 6, 29)
PATIENCE = 20.0
"""Seconds after which a test that hangs fails instead; nothing waits as long when all is well."""


@dataclass
class Slow:
    """A mail server that does not answer until the test lets it."""

    left: list[Outgoing] = field(default_factory=list)
    begun: threading.Event = field(default_factory=threading.Event)
    let_go: threading.Event = field(default_factory=threading.Event)

    def deliver(self, message: Outgoing) -> None:
        self.begun.set()
        assert self.let_go.wait(PATIENCE)
        self.left.append(message)

    def has_left(self, reference: str, channel: str) -> bool:
        return any(each.reference == reference for each in self.left)


@contextmanager
def hanging(chasing: Chasing, slow: Slow) -> Iterator[None]:
    """A worker of its own hangs in the middle of a delivery, until the block is over."""
    worker = threading.Thread(target=chasing.tick, args=(slow,))
    worker.start()
    try:
        assert slow.begun.wait(PATIENCE)
        yield
    finally:
        slow.let_go.set()
        worker.join(PATIENCE)


def test_a_slow_mail_server_holds_up_nobody_who_writes(chasing: Chasing) -> None:
    loan, slow = chasing.loan(DUE), Slow()
    chasing.at(DUE)
    with hanging(chasing, slow):
        chasing.hold(loan, HoldReason.AWAY, until=DUE)
        assert slow.left == []
    assert [each.reference for each in slow.left] == [chasing.entries(loan)[-1].reference]
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)


def test_a_clock_that_jumps_while_it_leaves_sends_it_no_second_time(chasing: Chasing) -> None:
    loan, slow = chasing.loan(DUE), Slow()
    chasing.at(DUE)
    with hanging(chasing, slow):
        chasing.clock.advance(hours=2)
        assert chasing.tick(Broken()) == service.Ticked()
        assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENDING)
    chasing.clock.advance(hours=1)
    assert chasing.tick(slow) == service.Ticked()
    assert len(slow.left) == 1


class Broken:
    """A way out that nobody may try."""

    def deliver(self, message: Outgoing) -> None:
        raise AssertionError("it was sent a second time")

    def has_left(self, reference: str, channel: str) -> bool:
        raise AssertionError("it was looked up while it leaves")


def test_what_left_is_on_record_though_the_person_died_meanwhile(chasing: Chasing) -> None:
    loan, slow = chasing.loan(DUE), Slow()
    chasing.at(DUE)
    with hanging(chasing, slow):
        chasing.lending.do(loans.stop_for_death, loan.id)
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)
    chasing.at(date(2026, 7, 20))
    assert chasing.tick(slow).sent == 0


@dataclass
class Lost:
    """A database that is gone at the moment at which the outcome is to be written down."""

    engine: Engine
    behind: Channel

    def deliver(self, message: Outgoing) -> None:
        self.behind.deliver(message)
        event.listen(self.engine, "begin", self._gone, once=True)

    def has_left(self, reference: str, channel: str) -> bool | None:
        return self.behind.has_left(reference, channel)

    def _gone(self, _connection: object) -> None:
        raise ConnectionError("the database is gone")


def test_an_outcome_that_could_not_be_written_down_is_looked_up(chasing: Chasing) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    lost = Lost(chasing.database.engine, service.outbox(chasing.settings))
    assert chasing.tick(lost).troubled == 1
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENDING)
    chasing.clock.advance(minutes=11)
    chasing.tick()
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)
    assert len(chasing.outbox()) == 1


@dataclass
class Forgetful:
    """A way out that says it failed, and finds out later that the message left all the same."""

    left: list[str] = field(default_factory=list)

    def deliver(self, message: Outgoing) -> None:
        self.left.append(message.reference)
        raise ChannelFailed("It did not take it, it says.")

    def has_left(self, reference: str, channel: str) -> bool:
        return reference in self.left


@ON_SQLITE
def test_it_is_looked_up_before_it_is_tried_again(chasing: Chasing) -> None:
    loan, way_out = chasing.loan(DUE), Forgetful()
    chasing.at(DUE)
    for _ in range(3):
        chasing.tick(way_out)
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)
    assert len(way_out.left) == 1


@ON_SQLITE
@pytest.mark.parametrize("minutes", [0, 11])
def test_a_claim_that_nobody_went_on_with_leaves_later(chasing: Chasing, minutes: int) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    with chasing.database.write() as session:
        service.claim(session, loan.id, now=chasing.clock(), settings=chasing.settings)
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.PREPARING)
    chasing.clock.advance(minutes=minutes)
    assert chasing.tick().sent == (1 if minutes else 0)
