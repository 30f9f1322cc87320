"""Whether messages leave, for programs; and that a restored database counts again only for who looked at it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.chasing import service
from fleet.chasing.models import ChaseMark
from fleet.chasing.rules import ChaseState
from fleet.chasing.service.marks import FILE
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_restoring import DUE, WEEK_BEFORE, backup, restored
from tests.people import Browser

API = "/api/v1/chasing"

pytestmark = ON_SQLITE


def a_copy(chasing: Chasing) -> None:
    """A backup, restored on another machine the day that a loan is due; a worker has looked once."""
    chasing.at(WEEK_BEFORE)
    chasing.tick()
    restored(chasing, backup(chasing), with_folder=False)
    chasing.at(DUE)
    chasing.tick()


def test_it_says_whether_messages_leave_why_not_and_since_when(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    chasing.loan(DUE)
    api = browser_as(Role.COORDINATOR)
    assert api.get(f"{API}/sending").json()["leaves"] is True
    a_copy(chasing)
    off = browser_as(Role.DATA_PROTECTION).get(f"{API}/sending").json()
    assert (off["leaves"], off["why_off"], off["off_since"]) == (False, "no_folder", "2026-06-29T09:00:00Z")
    assert "data folder on this machine knows nothing of" in off["why"]
    assert off["last_message_at"] == "2026-06-22T09:00:00Z"
    chasing.at(DUE, hour=12)
    chasing.tick()
    page = browser_as(Role.COORDINATOR).get("/chasing/restored").text
    assert "Nothing has left since" in page
    assert "10:00" in page
    assert browser_as(Role.COURIER).get(f"{API}/sending").status_code == 403


def test_it_counts_again_for_who_looked_at_it_and_once(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    chosen, passed = chasing.loan(DUE), chasing.loan(DUE)
    a_copy(chasing)
    api = browser_as(Role.COORDINATOR)
    seen = api.get(f"{API}/restored?per_page=1").json()
    assert (seen["since"], seen["is_whole"], seen["total"], seen["page_count"]) == ("2026-06-22", False, 2, 2)
    assert [each["loan_id"] for each in seen["may_have_left"]] == [chosen.id]
    ours = {"seen": seen["sending"]["seen"], "no_other_copy_in_use": True, "send": [chosen.id]}
    assert browser_as(Role.DATA_PROTECTION).post(f"{API}/this-is-ours", json=ours).status_code == 403
    done = api.post(f"{API}/this-is-ours", json=ours).json()
    assert (done["changed"], done["put_back"], done["may_have_left"], done["sending"]["leaves"]) == (True, 0, 2, True)
    with chasing.database.read() as session:
        mark = session.get_one(ChaseMark, 1)
    assert (mark.set_by, done["sending"]["counts_by"]) == (mark.set_by, mark.set_by)
    assert mark.set_by != "system"
    again = api.post(f"{API}/this-is-ours", json={**ours, "send": []}).json()
    assert (again["changed"], again["sending"]) == (False, done["sending"])
    assert chasing.tick().sent == 1
    assert chasing.ledger(passed)[-1] == ("due_day", ChaseState.SKIPPED)
    counts = api.get(f"{API}/restored").json()
    assert (counts["since"], counts["is_whole"], counts["total"]) == (None, True, 0)


@pytest.mark.parametrize(
    ("instead", "status"),
    [
        ({"seen": "0" * 32}, 409),
        ({"seen": ""}, 422),
        ({"no_other_copy_in_use": False}, 422),
        ({"since": "2027-01-01"}, 422),
    ],
)
def test_nothing_counts_by_accident(
    chasing: Chasing, browser_as: Callable[..., Browser], instead: dict[str, object], status: int
) -> None:
    loan = chasing.loan(DUE)
    a_copy(chasing)
    api = browser_as(Role.COORDINATOR)
    ours = {"seen": api.get(f"{API}/sending").json()["seen"], "no_other_copy_in_use": True}
    before = chasing.ledger(loan)
    assert api.post(f"{API}/this-is-ours", json={**ours, **instead}).status_code == status
    assert (api.get(f"{API}/sending").json()["leaves"], chasing.ledger(loan)) == (False, before)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ('{"mark": "another", "last": 0}', "another_installation"),
        ("{", "folder_unreadable"),
        (None, "older_than_folder"),
    ],
)
def test_it_says_what_does_not_belong_together(chasing: Chasing, told: str | None, why: str) -> None:
    chasing.tick()
    if told is None:
        service.note_sent(chasing.settings, 4711, now=chasing.clock())
    else:
        (chasing.settings.data_dir / FILE).write_text(told)
    with chasing.database.read() as session:
        state = service.sending_state(session, chasing.settings)
    assert (state.why_off, state.off_since) == (why, None)
