"""Chasing for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fleet.people.rules import Channel as ContactBy
from fleet.users.rules import Role
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

DUE = date(2026, 6, 29)
API = "/api/v1"


def test_a_tick_a_dry_run_and_the_ledger_tell_one_story(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    api = browser_as(Role.COORDINATOR)
    dry = api.get(f"{API}/chasing/dry-run").json()
    assert [(each["loan_id"], each["rung"], each["action"]) for each in dry["items"]] == [
        (loan.id, "due_day", "message")
    ]
    assert dry["items"][0]["skipped"] == ["week_before", "two_days_before"]
    first = api.post(f"{API}/chasing/tick").json()
    assert first == {"sent": 1, "to_print": 0, "failed": 0, "tasks": 0, "waiting": 0, "withdrawn": 0}
    assert api.post(f"{API}/chasing/tick").json()["sent"] == 0
    ledger = api.get(f"{API}/chases?loan={loan.id}&state=sent").json()
    assert [(each["rung"], each["channel"]) for each in ledger["items"]] == [("due_day", "text")]
    number = ledger["items"][0]["id"]
    assert api.get(f"{API}/chases/{number}").json() == ledger["items"][0]
    assert api.get(f"{API}/messages/{number}").json()["channel"] == "text"
    assert api.get(f"{API}/messages/99").status_code == api.get(f"{API}/chases/99").status_code == 404
    told = api.get(f"{API}/chasing/loans/{loan.id}/why?on=2026-06-29").json()
    assert told["sentence"] == "Messaged by text on Monday 29 June: on the day it is due."


def test_a_hold_is_placed_listed_and_lifted(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE)
    api = browser_as(Role.COORDINATOR)
    asked = {"loan_id": loan.id, "reason": "away", "until": "2026-07-10", "client_id": "away-until-july"}
    placed = api.post(f"{API}/chase-holds", json=asked)
    assert placed.status_code == 201
    assert api.get(f"{API}/chase-holds/{placed.json()['id']}").json() == placed.json()
    assert api.post(f"{API}/chase-holds", json=asked).json()["id"] == placed.json()["id"]
    assert api.get(f"{API}/chase-holds?open=yes").json()["total"] == 1
    lifted = api.post(f"{API}/chase-holds/{placed.json()['id']}/lift")
    assert lifted.json()["lifted_at"] is not None
    assert api.get(f"{API}/chase-holds?open=yes").json()["total"] == 0


def test_refusals_say_what_is_wrong(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    api = browser_as(Role.COORDINATOR)
    past = api.post(f"{API}/chase-holds", json={"loan_id": loan.id, "reason": "away", "until": "2026-05-01"})
    assert (past.status_code, list(past.json()["fields"])) == (422, ["until"])
    assert (
        api.post(f"{API}/chase-holds", json={"loan_id": 999, "reason": "away", "until": "2026-07-01"}).status_code
        == 404
    )
    assert api.post(f"{API}/chase-holds/999/lift").status_code == 404
    assert api.get(f"{API}/chasing/loans/999/why").status_code == 404
    assert api.get(f"{API}/chasing/dry-run?on=0001-01-01").status_code == 422
    assert browser_as(Role.COURIER).post(f"{API}/chasing/tick").status_code == 403


def test_an_answer_is_written_down_once_and_read_once(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE)
    api = browser_as(Role.COORDINATOR)
    asked = {"person_id": loan.person_id, "channel": "text", "words": "2", "client_id": "answer-1"}
    noted = api.post(f"{API}/chase-replies", json=asked)
    assert noted.status_code == 201
    assert "words" not in noted.json()
    assert api.post(f"{API}/chase-replies", json=asked).json()["id"] == noted.json()["id"]
    assert api.get(f"{API}/chase-replies?read=no").json()["total"] == 1
    assert "They answered" in api.get(f"/chasing/loans/{loan.id}").text
    assert api.post(f"{API}/chase-replies/{noted.json()['id']}/read").json()["read_at"] is not None
    assert api.get(f"{API}/chase-replies?read=no&person={loan.person_id}").json()["total"] == 0
    assert api.post(f"{API}/chase-replies/999/read").status_code == 404
    assert (
        api.post(f"{API}/chase-replies", json={**asked, "client_id": "answer-2", "person_id": 999}).status_code == 404
    )
