"""What was sent to people, for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

DUE = date(2026, 6, 29)


@ON_SQLITE
def test_messages_are_listed_with_what_became_of_them_and_without_tasks_or_words(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE)
    chasing.at(DUE)
    api = browser_as(Role.COORDINATOR)
    api.post("/api/v1/chasing/tick")
    everything = api.get("/api/v1/chases").json()
    (message,) = api.get("/api/v1/messages").json()["items"]
    assert everything["total"] > 1, "rungs that were passed over are no messages"
    assert (message["loan_id"], message["channel"], message["state"]) == (loan.id, "text", "sent")
    for wanted in ("day=2026-06-29", f"person={message['person_id']}", f"loan={loan.id}", "channel=text", "state=sent"):
        assert api.get(f"/api/v1/messages?{wanted}").json()["total"] == 1, wanted
    for other in ("day=2026-06-28", "person=999999999999", "loan=999", "channel=email", "state=failed"):
        assert api.get(f"/api/v1/messages?{other}").json()["total"] == 0, other
    assert browser_as(Role.HUB_ADMIN).get("/api/v1/messages").status_code == 403
