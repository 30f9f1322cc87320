"""A courier has the words at hand that somebody is about to accept, and no other stop's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.deliveries.rules import Action
from fleet.deliveries.service import agreement_to_read
from fleet.errors import NotFound
from fleet.users.rules import Role
from tests.delivering import DONE_AT_THE_DOOR, Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser

pytestmark = ON_SQLITE


def test_the_words_of_a_delivery_are_there_in_the_person_s_language(delivering: Delivering) -> None:
    run = delivering.run()
    job = delivering.delivery(run, language_read="ur")
    with delivering.lending.database.read() as session:
        read = agreement_to_read(session, job.id, actor=delivering.couriers[0])
    assert read is not None
    assert (read.language, read.direction, read.words.version) == ("Urdu", "rtl", 1)


def test_a_collection_asks_for_no_words(delivering: Delivering) -> None:
    job = delivering.collection(delivering.run())
    with delivering.lending.database.read() as session:
        assert agreement_to_read(session, job.id, actor=delivering.couriers[0]) is None


def test_nobody_reads_the_words_of_a_stop_that_is_not_theirs(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    with delivering.lending.database.read() as session, pytest.raises(NotFound):
        agreement_to_read(session, job.id, actor=delivering.lending.actor(Role.COORDINATOR))


def test_the_day_to_give_it_back_is_told_before_they_accept(
    delivering: Delivering, browser_as: Callable[..., Browser]
) -> None:
    browser = browser_as(Role.COURIER)
    assert browser.actor is not None
    delivering.couriers.insert(0, browser.actor)
    job = delivering.delivery(delivering.run(), language_read="pl")
    door = browser.get(f"/run/stops/{job.id}?at=door").text
    assert "To give back by <strong>Monday 29 June</strong>" in door
    assert "Prosimy oddać tablet do dnia: poniedziałek, 29 czerwca 2026 r." in door
    delivering.tell_one(delivering.fact(Action.LOAD, job))
    delivering.tell_one(delivering.fact(Action.HAND_OVER, job, details=DONE_AT_THE_DOOR))
    assert str(delivering.loan_of(job).due_on) == "2026-06-29"
