"""The coordinator's pages: the list, its letters, holds with what was typed, the dry run and the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from fastapi import FastAPI
from playwright.sync_api import Page
from sqlalchemy import select

from fleet.chasing import service
from fleet.chasing.ladder import default_ladder
from fleet.chasing.rules import Acts, ChaseState, HoldReason, Rung
from fleet.jobs.models import Job
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.people.rules import Channel as ContactBy
from fleet.privacy.queries import rows_about
from fleet.users.access import COOKIE
from fleet.users.rules import Role
from tests.browser import PHONE, axe, served, sideways_scroll
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

DUE = date(2026, 6, 29)
CALL_KEYSTROKES = 4
"""From a row to the next: the call opened, its outcome written down, and on."""


def test_the_list_begins_with_the_longest_late_and_ends_with_those_left_in_peace(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    written = chasing.loan(date(2026, 6, 26), details={"first_name": "Written"})
    rung = chasing.loan(DUE, by=ContactBy.CALL, details={"first_name": "Rung", "language_spoken": "tw"})
    peace = chasing.loan(DUE, details={"first_name": "Peaceful"})
    chasing.at(date(2026, 7, 2))
    chasing.hold(peace, HoldReason.AWAY, until=date(2026, 7, 10))
    chasing.tick()
    page = browser_as(Role.COORDINATOR).get("/chasing").text
    assert page.index("Written Person") < page.index("Rung Person") < page.index("Peaceful Person")
    assert "Monday 29 June 2026, 3 days late" in page
    assert "speaks Twi" in page
    assert "prefers a phone call" in page
    assert "last: text on 2 July" in page
    assert "Left in peace until 10 July" in page
    assert f"/chasing/loans/{rung.id}/calls" in page
    late = browser_as(Role.COORDINATOR).get("/chasing?show=today").text
    assert f"/chasing/loans/{written.id}/calls" not in late


def test_an_answer_that_nobody_read_comes_first_on_the_card_and_the_call_waits(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(DUE)
    chasing.tick()
    coordinator = browser_as(Role.COORDINATOR)
    calls, answers = f"/chasing/loans/{loan.id}/calls", f"/chasing/loans/{loan.id}/answers"
    asked = coordinator.get("/chasing").text
    assert calls in asked
    assert "For you, stage 1" in asked
    assert coordinator.submit(answers, {"reason": "On Friday, please"}).status_code == 422
    assert coordinator.submit(answers, {"reason": "On Friday, please", "channel": "at_the_door"}).status_code == 303
    page = coordinator.get("/chasing").text
    assert "Answered, not read" in page
    assert "Read the answer" in page
    assert calls not in page
    assert "For you" not in page.split('class="queue__row"')[1]
    assert f"/chasing/loans/{loan.id}/calls" not in coordinator.get("/chasing?show=tasks").text
    told = coordinator.get(f"/chasing/loans/{loan.id}").text
    assert "They answered at the door" in told
    everything = browser_as(Role.DATA_PROTECTION).get(f"/people/{loan.person_id}/everything").text
    assert "at the door" in everything
    (reply,) = chasing.lending.read(service.replies_of_person, loan.person_id)
    assert coordinator.submit(f"{answers}/{reply.id}/read", {}).status_code == 303
    assert calls in coordinator.get("/chasing").text


@ON_SQLITE
def test_why_is_reached_from_the_person_and_from_the_loan(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    chasing.tick()
    coordinator = browser_as(Role.COORDINATOR)
    assert f'href="/chasing/loans/{loan.id}"' in coordinator.get(f"/loans/{loan.id}").text
    theirs = f"/chasing/people/{loan.person_id}"
    assert f'href="{theirs}"' in coordinator.get(f"/people/{loan.person_id}").text
    told = coordinator.get(f"{theirs}?on={DUE}").text
    assert "Messaged by text on Monday 29 June" in told
    assert f'href="/chasing/loans/{loan.id}?on={DUE}"' in told
    technician = browser_as(Role.TECHNICIAN).get(f"/loans/{loan.id}")
    assert f"/chasing/loans/{loan.id}" not in technician.text


def test_data_protection_reads_the_list_and_presses_nothing(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    reader = browser_as(Role.DATA_PROTECTION)
    assert f"/chasing/loans/{loan.id}/calls" not in reader.get("/chasing").text
    assert reader.submit(f"/chasing/loans/{loan.id}/calls", {"reason": "spoke"}).status_code == 403
    assert browser_as(Role.TECHNICIAN).get("/chasing").status_code == 403


@ON_SQLITE
def test_who_opens_what_somebody_answered_is_on_that_persons_record(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE)
    assert browser_as(Role.DATA_PROTECTION).get(f"/chasing/loans/{loan.id}").status_code == 200
    views = chasing.lending.read(rows_about, "person_view", loan.person_id)
    assert [row["role"] for row in views] == ["data_protection"]


def test_a_call_is_written_down_from_the_list(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(DUE)
    chasing.tick()
    coordinator = browser_as(Role.COORDINATOR)
    assert coordinator.submit(f"/chasing/loans/{loan.id}/calls", {"reason": "nonsense"}).status_code == 422
    assert coordinator.submit(f"/chasing/loans/{loan.id}/calls", {"reason": "wants_longer"}).status_code == 303
    assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.DONE)
    assert "call on 29 June, would like it for longer" in coordinator.get("/chasing").text


def test_a_collection_is_arranged_from_the_list(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    coordinator = browser_as(Role.COORDINATOR)
    assert coordinator.submit(f"/chasing/loans/{loan.id}/arrange-return").status_code == 303
    assert "Return arranged" in coordinator.get("/chasing").text
    assert chasing.tick().sent == 0


def test_a_hold_with_a_day_gone_by_keeps_what_was_typed(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    coordinator = browser_as(Role.COORDINATOR)
    refused = coordinator.submit(f"/chasing/loans/{loan.id}/hold", {"reason": "in_hospital", "until": "2026-06-01"})
    assert refused.status_code == 422
    assert "has passed; choose today or a later day" in refused.text
    assert 'value="in_hospital" selected' in refused.text
    placed = coordinator.submit(f"/chasing/loans/{loan.id}/hold", {"reason": "in_hospital", "until": "2026-07-12"})
    assert placed.status_code == 303
    told = coordinator.get(f"/chasing/loans/{loan.id}").text
    assert "in hospital until 12 July, hold set by a coordinator on 29 June" in told
    assert "Lift this hold" in told


def test_the_dry_run_tells_who_would_get_what_and_sends_nothing(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    chasing.loan(DUE, details={"first_name": "Written"})
    chasing.at(date(2026, 6, 10))
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.get("/chasing/dry-run?on=2026-06-22").text
    assert "Written Person" in page
    assert "A message by text" in page
    assert "a week before it is due" in page
    assert "Written Person" not in coordinator.get("/chasing/dry-run?on=2026-06-19").text
    assert coordinator.get("/chasing/dry-run?on=9999-12-31").status_code == 422
    assert chasing.outbox() == []


def test_the_list_and_the_ledger_leave_as_csv(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    chasing.loan(DUE)
    chasing.at(DUE)
    coordinator = browser_as(Role.COORDINATOR)
    assert coordinator.submit("/chasing/tick").status_code == 303
    ledger = coordinator.get("/chasing/ledger?format=csv&state=sent").text
    assert len(ledger.strip().splitlines()) == 2
    assert "on the day it is due" in ledger
    queue = coordinator.get("/chasing?format=csv")
    assert queue.headers["content-type"].startswith("text/csv")
    assert "due today" in queue.text


@ON_SQLITE
def test_a_press_that_would_take_long_leaves_the_rest_to_the_worker(
    chasing: Chasing, browser_as: Callable[..., Browser], monkeypatch: pytest.MonkeyPatch
) -> None:
    chasing.loan(DUE)
    chasing.at(DUE)
    coordinator = browser_as(Role.COORDINATOR)
    monkeypatch.setattr("fleet.chasing.pages.ticking.PATIENCE_SECONDS", 0.0)
    for _ in range(2):
        page = coordinator.submit("/chasing/tick", follow_redirects=True)
        assert "The rest is being sent now" in page.text
    assert chasing.outbox() == []
    with chasing.database.read() as session:
        (job,) = session.scalars(select(Job).where(Job.kind == service.TICK_JOB))
    monkeypatch.setattr("fleet.chasing.pages.ticking.PATIENCE_SECONDS", 3.0)
    assert "Messages sent: 1." in coordinator.submit("/chasing/tick", follow_redirects=True).text
    assert job.key.startswith("chasing.tick@by-hand-")


def test_letters_do_the_work_in_a_row(
    chasing: Chasing, app: FastAPI, browser_as: Callable[..., Browser], window: Page
) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL, details={"first_name": "Rung"})
    following = chasing.loan(DUE, by=ContactBy.CALL, details={"first_name": "Following"})
    chasing.at(DUE)
    chasing.tick()
    token = browser_as(Role.COORDINATOR).cookies[COOKIE]
    pressed = 0

    def press(key: str) -> None:
        nonlocal pressed
        pressed += 1
        window.keyboard.press(key)

    with served(app) as base:
        window.context.add_cookies([{"name": COOKIE, "value": token, "url": base}])
        window.goto(f"{base}/chasing")
        assert axe(window) == []
        press("j")
        window.keyboard.press("s")  # a letter of what is folded away presses nothing
        assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.TO_DO)
        press("c")
        assert axe(window) == []
        press("s")
        window.wait_for_selector(".flash")
        window.wait_for_load_state("load")
        assert chasing.ledger(loan)[-1] == ("due_day", ChaseState.DONE)
        assert window.evaluate("document.activeElement.textContent").startswith("Following")
        assert pressed <= CALL_KEYSTROKES
        window.keyboard.press("c")
        window.keyboard.press("n")
        window.wait_for_selector(".flash >> text=no answer")
        window.wait_for_load_state("load")
        assert chasing.ledger(following)[-1] == ("due_day", ChaseState.TO_DO)
        window.keyboard.press("w")
        window.wait_for_url(f"{base}/chasing/loans/*")
        for address in ("/chasing", "/chasing/ledger", "/chasing/dry-run", f"/chasing/loans/{loan.id}/hold"):
            window.set_viewport_size(PHONE)
            window.goto(base + address)
            assert axe(window) == []
            assert sideways_scroll(window) == 0


@ON_SQLITE
def test_whom_a_list_shows_is_told_that_somebody_looked(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    loan, other = chasing.loan(DUE), chasing.loan(DUE)
    chasing.at(DUE)
    coordinator = browser_as(Role.COORDINATOR)
    for _ in range(2):
        coordinator.get("/chasing")
        coordinator.get("/chasing/dry-run")
    browser_as(Role.DATA_PROTECTION).get("/chasing?format=csv")
    for each in (loan, other):
        views = chasing.lending.read(rows_about, "person_view", each.person_id)
        assert [row["role"] for row in views] == ["coordinator", "data_protection"]


@ON_SQLITE
def test_a_programmes_own_step_is_called_by_its_own_name_wherever_it_stands(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE)
    own = Rung("step_1", 0, 1, Acts.SYSTEM, "on the very day", "Ring.", subject="Yours", body="Hello $first_name")
    actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
    with chasing.database.write() as session:
        service.set_ladder(session, loan.programme_id, [own], grace_days=2, actor=actor, happening=happening)
    chasing.at(DUE)
    assert chasing.tick().sent == 1
    later = default_ladder()
    with chasing.database.write() as session:
        service.set_ladder(session, loan.programme_id, later.rungs, grace_days=2, actor=actor, happening=happening)
    assert chasing.why(loan) == "Messaged by text on Monday 29 June: on the very day."
    coordinator = browser_as(Role.COORDINATOR)
    for address in ("/chasing/ledger", f"/chasing/loans/{loan.id}"):
        page = coordinator.get(address).text
        assert "on the very day" in page
        assert "step_1" not in page


@ON_SQLITE
def test_the_dry_run_is_given_page_by_page(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    made = [chasing.loan(DUE) for _ in range(3)]
    chasing.at(DUE)
    api = browser_as(Role.COORDINATOR)
    pages = [api.get(f"/api/v1/chasing/dry-run?per_page=2&page={number}").json() for number in (1, 2, 3)]
    sizes = [(each["total"], each["page_count"], len(each["items"])) for each in pages]
    assert sizes == [(3, 2, 2), (3, 2, 1), (3, 2, 0)]
    assert [item["loan_id"] for each in pages for item in each["items"]] == [loan.id for loan in made]


@ON_SQLITE
@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2026, 7, 6), "The first step of the ladder comes on Monday 29 June, a week before it is due."),
        (date(2026, 6, 22), "The first step of the ladder comes on Thursday 25 June, three working days after it was"),
    ],
)
def test_what_comes_first_is_said_by_the_loans_own_day(
    chasing: Chasing, browser_as: Callable[..., Browser], due: date, said: str
) -> None:
    chasing.at(date(2026, 6, 22))
    loan = chasing.loan(date(2026, 7, 6))
    with chasing.database.write() as session:
        session.get_one(Loan, loan.id).due_on = due
    page = browser_as(Role.COORDINATOR).get(f"/chasing/loans/{loan.id}").text
    assert f"Nobody was written to or rung about this loan. {said}" in page


@ON_SQLITE
def test_nothing_is_offered_or_announced_about_somebody_who_died(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan, coordinator = chasing.loan(DUE), browser_as(Role.COORDINATOR)
    person, chased = f"/people/{loan.person_id}", f"/chasing/loans/{loan.id}"
    assert "Ask about equality" in coordinator.get(person).text
    assert "Leave in peace for a while" in coordinator.get(chased).text
    chasing.lending.do(loans.stop_for_death, loan.id)
    assert "Ask about equality" not in coordinator.get(person).text
    page = coordinator.get(chased).text
    assert "Leave in peace for a while" not in page
    assert "Nobody was written to or rung about this loan. <" in page
