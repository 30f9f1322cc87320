"""What GOV.UK Notify took and could not bring to anybody: it becomes a call, once, and is no message that was heard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from fleet.chasing import service
from fleet.chasing.channels import notify as adapter
from fleet.chasing.channels.notify import Notify, NotifyChannel
from fleet.chasing.channels.ways import Ways
from fleet.chasing.rules import ChaseState
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.servers import NotifyService, Trouble, notify_service
from tests.fleet.chasing.test_last_moment import returned
from tests.fleet.chasing.test_ways_out import KEY

pytestmark = ON_SQLITE
DUE = date(2026, 6, 29)
NO_SUCH_NUMBER = "permanent-failure"


@pytest.fixture
def notify() -> Iterator[NotifyService]:
    with notify_service(KEY) as service:
        yield service


@pytest.fixture
def ways(notify: NotifyService, chasing: Chasing) -> Ways:
    channel = NotifyChannel(Notify(notify.url, KEY, {"text": "template-1", "email": "template-2"}))
    return Ways({"text": channel, "email": channel}, service.outbox(chasing.settings))


def test_a_text_that_nobody_got_becomes_a_call_that_says_why_and_only_once(
    chasing: Chasing, notify: NotifyService, ways: Ways
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    assert chasing.tick(ways).sent == 1
    notify.sent[0]["status"] = NO_SUCH_NUMBER
    chasing.clock.advance(minutes=5)
    assert chasing.tick(ways).tasks == 1
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.TO_DO)
    assert "there is no such number or address" in chasing.entries(loan)[-1].note
    assert "there is no such number or address" in chasing.why(loan)
    assert chasing.tick(ways).tasks == 0
    assert len(notify.sent) == 1


def test_what_arrived_is_left_alone_and_so_is_everything_while_nobody_answers(
    chasing: Chasing, notify: NotifyService, ways: Ways
) -> None:
    there, gone = chasing.loan(DUE), chasing.loan(DUE, details={"phone": "07700 900123"})
    chasing.at(DUE)
    assert chasing.tick(ways).sent == 2
    notify.sent[0]["status"], notify.sent[1]["status"] = "delivered", "temporary-failure"
    notify.trouble = Trouble.REFUSES
    assert chasing.tick(ways).tasks == 0
    notify.trouble = Trouble.NONE
    assert chasing.tick(ways).tasks == 1
    assert [chasing.ledger(each)[-1][1] for each in (there, gone)] == [ChaseState.SENT, ChaseState.TO_DO]


def test_nobody_is_asked_to_ring_who_gave_it_back_meanwhile(
    chasing: Chasing, notify: NotifyService, ways: Ways
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick(ways)
    notify.sent[0]["status"] = NO_SUCH_NUMBER
    returned(chasing, loan)
    chasing.tick(ways)
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.WITHDRAWN)


def test_every_page_of_a_long_list_is_read(
    chasing: Chasing, notify: NotifyService, ways: Ways, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PAGE", 2)
    notify.page = 2
    for number in range(5):
        chasing.loan(DUE, details={"phone": f"07700 90010{number}"})
    chasing.at(DUE)
    assert chasing.tick(ways).sent == 5
    for each in notify.sent:
        each["status"] = "technical-failure"
    assert chasing.tick(ways).tasks == 5


def test_a_copy_asks_nobody_and_makes_no_task(chasing: Chasing, notify: NotifyService, ways: Ways) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick(ways)
    notify.sent[0]["status"] = NO_SUCH_NUMBER
    (chasing.settings.data_dir / "chasing-mark.json").unlink()
    assert chasing.tick(ways).tasks == 0
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.SENT)
