"""What happens is told at least once, signed as the specification says, whatever the receiver and the line do."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from fleet.bundles.rules import SimState
from fleet.database.session import Database
from fleet.errors import Conflict
from fleet.happening import Happening
from fleet.jobs.models import Job
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.tablets import service as tablets
from fleet.tablets.rules import Custody, DataState, Stage
from fleet.users.actor import SYSTEM
from fleet.webhooks import queries, service
from fleet.webhooks.models import WebhookDelivery
from fleet.webhooks.rules import KEPT_FOR, DeliveryState
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.webhooks.conftest import Telling
from tests.fleet.webhooks.receiver import Mood
from tests.lending import Lending


def test_an_event_is_told_once_it_is_committed_with_numbers_and_nothing_about_anybody(telling: Telling) -> None:
    telling.listen("tablet.*")
    telling.happen()
    assert telling.work() == 1
    ((message_id, body),) = telling.receiver.bodies.items()
    assert message_id.startswith("msg_")
    assert telling.receiver.refused == []
    told = json.loads(body)
    assert (told["type"], told["timestamp"]) == ("tablet.kit", "2026-06-01T09:00:00Z")
    assert set(told["data"]) == {"id", "tablet_id", "label_code", "stage", "data", "custody"}
    assert "Sample" not in body
    (delivery,) = telling.deliveries()
    assert (delivery.state, delivery.tries, delivery.status) == (DeliveryState.DELIVERED, 1, 204)


@pytest.mark.parametrize(
    "moods",
    [
        [Mood.BREAKS, Mood.HANGS_UP, Mood.TAKES, Mood.DRIPS, Mood.TAKES_AND_HANGS_UP, Mood.IS_BUSY, Mood.BREAKS],
        [Mood.TAKES_AND_HANGS_UP] * 5,
        [Mood.SENDS_ELSEWHERE, Mood.DRIPS, Mood.BREAKS] * 2,
    ],
)
def test_whatever_the_receiver_does_each_message_arrives_at_least_once(telling: Telling, moods: list[Mood]) -> None:
    telling.listen("tablet.*")
    telling.receiver.moods = list(moods)
    telling.happen(6)
    telling.work_through()
    assert telling.receiver.moods == [], "every fault was met"
    assert telling.receiver.refused == []
    assert {each.message_id for each in telling.deliveries()} == set(telling.receiver.taken)
    assert {each.state for each in telling.deliveries()} == {DeliveryState.DELIVERED}
    doubled = sum(telling.receiver.taken.values()) - 6
    assert doubled == moods.count(Mood.TAKES_AND_HANGS_UP), "again only where the answer was lost"


def test_what_is_rolled_back_is_told_to_nobody(telling: Telling, database: Database) -> None:
    telling.listen("tablet.*")
    with database.write() as session:
        tablet = tablets.get_tablet(session, telling.tablet.id)
        told = Happening(now=telling.clock())
        half = session.begin_nested()
        tablets.note(session, tablet, kind="kit", words="Kit", actor=SYSTEM, happening=told)
        half.rollback()
    assert telling.deliveries() == []
    assert telling.work() == 0


def test_only_what_was_chosen_is_told(telling: Telling) -> None:
    telling.listen("loan.*", "tablet.kit")
    telling.happen(kind="kit")
    telling.happen(kind="hold_safety")
    assert [each.kind for each in telling.deliveries()] == ["tablet.kit"]


def test_where_nobody_listens_one_question_a_transaction_is_all_that_is_asked(
    telling: Telling, database: Database
) -> None:
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(database.engine, "before_cursor_execute", note)
    with database.write() as session:
        tablet = tablets.get_tablet(session, telling.tablet.id)
        for _ in range(3):
            told = Happening(now=telling.clock())
            tablets.note(session, tablet, kind="kit", words="Kit", actor=SYSTEM, happening=told)
    event.remove(database.engine, "before_cursor_execute", note)
    assert sum("webhook" in statement for statement in asked) == 1


@ON_SQLITE
def test_one_that_never_answers_fails_after_about_a_day_and_can_be_sent_again(telling: Telling) -> None:
    telling.listen("tablet.*")
    telling.receiver.moods = [Mood.BREAKS] * 50
    began = telling.clock()
    telling.happen()
    telling.work_through()
    (failed,) = telling.deliveries()
    assert (failed.state, failed.tries, failed.status) == (DeliveryState.FAILED, 9, 500)
    assert timedelta(hours=20) < telling.clock() - began < timedelta(hours=28)
    telling.receiver.moods = []
    with telling.database.write() as session:
        service.send_again(session, failed.id, now=telling.clock())
    telling.work()
    assert telling.receiver.taken == {failed.message_id: 1}, "with the same number"
    with telling.database.write() as session:
        service.send_again(session, failed.id, now=telling.clock())
        with pytest.raises(Conflict):
            service.send_again(session, failed.id, now=telling.clock())


@ON_SQLITE
def test_a_receiver_that_is_away_is_asked_for_one_message_at_a_time_and_then_gets_them_all(telling: Telling) -> None:
    telling.listen("tablet.*")
    telling.receiver.moods = [Mood.HANGS_UP] * 3
    telling.happen(10)
    telling.work()
    assert sum(each.tries for each in telling.deliveries()) == 1
    telling.work_through()
    assert len(telling.receiver.taken) == 10
    assert sum(each.tries for each in telling.deliveries()) == 13


@ON_SQLITE
def test_a_busy_receiver_is_left_alone_for_as_long_as_it_asks(telling: Telling) -> None:
    telling.listen("tablet.*")
    telling.receiver.moods = [Mood.IS_BUSY]
    telling.happen(2)
    telling.work()
    rests = telling.webhook().rests_until
    assert rests is not None
    assert rests - telling.clock() >= timedelta(seconds=120)
    telling.happen()
    telling.work()
    assert len(telling.receiver.taken) == 0
    telling.work_through()
    assert len(telling.receiver.taken) == 3


@ON_SQLITE
def test_a_receiver_that_says_it_is_gone_is_told_no_more(telling: Telling) -> None:
    telling.listen("tablet.*")
    telling.receiver.moods = [Mood.IS_GONE]
    telling.happen()
    telling.work()
    assert "410" in telling.webhook().stopped_because
    telling.happen()
    assert len(telling.deliveries()) == 1
    with telling.database.write() as session:
        service.resume(session, telling.webhook_id, now=telling.clock())
    telling.happen()
    telling.work_through()
    assert len(telling.receiver.taken) == 2


@ON_SQLITE
def test_nothing_leaves_from_a_restored_copy_of_the_database(telling: Telling, database: Database) -> None:
    telling.listen("tablet.*")
    telling.happen()
    telling.is_copy = True
    telling.work_through()
    assert telling.receiver.signatures == []
    telling.is_copy = False
    with database.write() as session:
        service.sweep(session, now=telling.clock())
    telling.work()
    assert len(telling.receiver.taken) == 1


def test_whatever_is_told_of_a_loan_holds_numbers_codes_and_states_alone(telling: Telling, lending: Lending) -> None:
    """Every log at once, along a loan's whole way: no word in it was typed by anybody."""
    telling.listen("loan.*", "tablet.*", "sim.*", "run.*", "gathering.*")
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.do(loans.extend, loan.id, reason="Sample reason")
    told = [json.loads(each.body) for each in telling.deliveries()]
    assert {each["type"].partition(".")[0] for each in told} >= {"loan", "tablet"}
    states = {state.value for each in (LoanState, Stage, DataState, Custody, SimState) for state in each}
    for each in told:
        for name, value in each["data"].items():
            known = value in states or (name == "label_code" and re.fullmatch(r"[A-Z0-9]{0,6}", str(value)))
            assert value is None or isinstance(value, int) or known, each


@ON_SQLITE
def test_for_a_day_after_another_secret_both_verify(telling: Telling) -> None:
    telling.listen("tablet.*")
    old = list(telling.receiver.secrets)
    with telling.database.write() as session:
        other = service.rotate_secret(session, telling.webhook_id, settings=telling.settings, now=telling.clock())
    for secrets in (old, [other]):
        telling.receiver.secrets = secrets
        telling.happen()
        telling.work()
    assert telling.receiver.refused == []
    telling.clock.advance(hours=25)
    telling.happen()
    telling.work()
    assert telling.receiver.refused == []
    assert [signature.count("v1,") for signature in telling.receiver.signatures] == [2, 2, 1]
    telling.receiver.secrets = old
    telling.happen()
    telling.work()
    assert len(telling.receiver.refused) == 1


@ON_SQLITE
def test_a_secret_is_sealed_and_sealed_anew_under_another_key(telling: Telling) -> None:
    made = telling.listen("tablet.*")
    (secret,) = telling.receiver.secrets
    assert secret.startswith("whsec_")
    assert secret not in made.secret
    other = telling.settings.model_copy(update={"secret_key": type(telling.settings.secret_key)("another key" * 4)})
    with telling.database.write() as session:
        assert service.rekey(session, old=telling.settings, settings=other) == 1
        assert service.rekey(session, old=telling.settings, settings=other) == 0
    telling.settings = other
    telling.happen()
    telling.work()
    assert telling.receiver.refused == []


def test_two_workers_do_not_speak_to_one_receiver_at_once(telling: Telling, database: Database) -> None:
    telling.listen("tablet.*")
    telling.happen(2)
    now, hook = telling.clock(), telling.webhook_id
    with database.write() as session:
        first = service.next_parcel(session, hook, job_id=101, settings=telling.settings, now=now)
    assert first is not None
    with database.write() as session:
        assert service.next_parcel(session, hook, job_id=102, settings=telling.settings, now=now) is None
    later = now + timedelta(seconds=61)
    with database.write() as session:
        taken_over = service.next_parcel(session, hook, job_id=102, settings=telling.settings, now=later)
    assert taken_over is not None
    assert taken_over.delivery_id == first.delivery_id, "its worker died, so nobody knows whether it arrived"


def test_the_sweep_goes_on_where_a_job_was_lost_gives_up_and_forgets(telling: Telling, database: Database) -> None:
    telling.listen("tablet.*")
    telling.happen(2)
    one, two = telling.deliveries()
    with database.write() as session:
        for job in session.scalars(select(Job)):
            session.delete(job)
        assert list(queries.waiting_webhooks(session, telling.clock())) == [telling.webhook_id]
        service.sweep(session, now=telling.clock())
    assert telling.work() == 1
    assert set(telling.receiver.taken) == {one.message_id, two.message_id}
    telling.receiver.moods = [Mood.HANGS_UP] * 99
    telling.happen()
    with database.write() as session:
        service.sweep(session, now=telling.clock() + timedelta(hours=29))
    assert telling.deliveries()[-1].state is DeliveryState.FAILED
    with database.write() as session:
        service.sweep(session, now=telling.clock() + KEPT_FOR + timedelta(hours=1))
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(WebhookDelivery)) == 0
