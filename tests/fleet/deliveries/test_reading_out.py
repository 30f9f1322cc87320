"""A courier has the words at hand that somebody is about to accept, and no other stop's."""

from __future__ import annotations

import pytest

from fleet.deliveries.service import agreement_to_read
from fleet.errors import NotFound
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE

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
