"""The dry run of a day gone by, and of today: what the ledger has comes first, and every place tells the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from fleet.chasing import service
from fleet.chasing.rules import Action, ChaseState, HoldReason
from fleet.chasing.service import Done, Planned
from fleet.people.rules import Channel as ContactBy
from fleet.users.rules import Role
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

DUE = date(2026, 6, 29)
NEXT = DUE + timedelta(days=1)


def lines(chasing: Chasing, day: date, first: int = 0, count: int | None = None) -> tuple[Done | Planned, ...]:
    with chasing.database.read() as session:
        return service.dry_run(session, day, now=chasing.clock(), first=first, count=count).lines


def test_a_day_gone_by_is_told_by_the_ledger_on_the_page_and_by_the_api(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    written = chasing.loan(DUE, details={"first_name": "Written"})
    rung = chasing.loan(DUE, by=ContactBy.CALL, details={"first_name": "Rung"})
    chasing.at(DUE)
    chasing.tick()
    chasing.at(DUE + timedelta(days=3))
    coordinator = browser_as(Role.COORDINATOR)
    items = coordinator.get(f"/api/v1/chasing/dry-run?on={DUE}").json()["items"]
    told = [(each["loan_id"], each["action"], each["state"], each["rung"], each["channel"]) for each in items]
    assert told == [
        (written.id, "message", "sent", "due_day", "text"),
        (rung.id, "task", "to_do", "due_day", "call"),
    ]
    why = coordinator.get(f"/api/v1/chasing/loans/{written.id}/why?on={DUE}").json()["sentence"]
    assert why.startswith("Messaged by text on Monday 29 June")
    page = coordinator.get(f"/chasing/dry-run?on={DUE}").text
    for words in ("Who heard from us on Monday 29 June?", "Written Person", "Sent by text", "A task for a person"):
        assert words in page
    assert "A message by text" not in page
    assert "Nobody heard from us on Sunday 28 June" in coordinator.get("/chasing/dry-run?on=2026-06-28").text


def test_today_is_what_was_done_so_far_and_then_what_is_planned(chasing: Chasing) -> None:
    done, planned = chasing.loan(DUE), chasing.loan(DUE)
    chasing.at(DUE)
    hold = chasing.hold(planned, HoldReason.AWAY, until=NEXT)
    chasing.tick()
    chasing.lift(hold)
    first, second = lines(chasing, DUE)
    assert isinstance(first, Done)
    assert isinstance(second, Planned)
    assert ((first.loan_id, first.state), second.loan_id) == ((done.id, ChaseState.SENT), planned.id)
    for number, line in enumerate((first, second)):
        assert lines(chasing, DUE, first=number, count=1) == (line,)
    chasing.at(DUE, 20)
    (_, waits) = lines(chasing, DUE)
    assert isinstance(waits, Planned)
    assert waits.action is Action.WAIT, "it is too late for today"


def test_a_day_is_not_told_of_what_was_done_on_the_days_beside_it(chasing: Chasing) -> None:
    loans = [chasing.loan(due) for due in (DUE, NEXT, NEXT + timedelta(days=1))]
    for day in (DUE, NEXT, NEXT + timedelta(days=1)):
        chasing.at(day)
        chasing.tick()
    chasing.at(NEXT + timedelta(days=9))
    sent = {each.loan_id for each in lines(chasing, NEXT) if isinstance(each, Done) and each.state is ChaseState.SENT}
    with chasing.database.read() as session:
        why = {each.id: service.why(session, each.id, now=chasing.clock(), on=NEXT) for each in loans}
    assert sent == {number for number, said in why.items() if said.startswith("Messaged")}
    assert loans[1].id in sent
    assert loans[0].id not in sent
