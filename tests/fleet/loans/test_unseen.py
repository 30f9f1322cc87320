"""What came through the letter-box counts for the day on which it came, when somebody says which and how."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from fleet.errors import BadInput, Conflict
from fleet.loans import queries
from fleet.loans import service as loans
from fleet.loans.rules import LoanState, unseen_problem
from fleet.loans.service.writer.told import happened_at
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

TODAY, BEGAN = date(2026, 7, 20), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("came_on", "why"),
    [
        (None, "Enter the day on which it came."),
        (date(2026, 7, 21), "has not come yet"),
        (date(2026, 6, 18), "more than 31 days ago; Friday 19 June 2026 is the earliest that counts."),
        (date(2026, 5, 31), "It was handed over on Monday 1 June 2026"),
        (date(2026, 6, 19), ""),
        (TODAY, ""),
    ],
)
def test_a_day_that_cannot_be_it_is_refused_in_a_sentence(came_on: date | None, why: str) -> None:
    problem = unseen_problem(came_on, today=TODAY, handed_over_on=BEGAN)
    assert why in problem if why else problem == ""


def test_a_return_that_nobody_saw_counts_for_the_day_on_which_it_came(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.clock.advance(days=35)
    tablet_id, due = lending.tablet_id(loan.id), loan.due_on
    assert due is not None
    back = lending.do(loans.came_unseen, tablet_id=tablet_id, came_on=due, reason="Put through the letter-box")
    assert (back.state, back.returned_on) == (LoanState.COLLECTED, date(2026, 6, 29))
    told = lending.read(queries.events, loan.id)[0]
    assert (told.words, told.reason) == ("Came to the hub on Monday 29 June 2026", "Put through the letter-box")
    again = lending.do(loans.undo_scan_in, tablet_id=tablet_id, reason="Another one", role=Role.TECHNICIAN)
    assert again is not None
    assert (again.state, again.returned_on) == (LoanState.ACTIVE, None)


@ON_SQLITE
def test_a_day_is_never_dated_back_without_saying_how_it_came(lending: Lending) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    tablet_id = lending.tablet_id(loan.id)
    with pytest.raises(BadInput) as refused:
        lending.do(loans.came_unseen, tablet_id=tablet_id, came_on=date(2026, 6, 1))
    assert set(refused.value.fields) == {"reason"}
    with pytest.raises(Conflict):
        lending.do(loans.came_unseen, tablet_id=lending.tablet().id, came_on=date(2026, 6, 1), reason="On the shelf")
    phone = lending.happening(client_at=lending.clock() - timedelta(days=20))
    assert happened_at(phone) == lending.clock(), "a phone's story reaches back 72 hours and no further"


@ON_SQLITE
def test_a_coordinator_writes_it_down_on_a_page(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    loan = lending.loan_at(LoanState.ACTIVE)
    lending.clock.advance(days=30)
    coordinator, tablet_id = browser_as(Role.COORDINATOR), lending.tablet_id(loan.id)
    assert f"/returns/letter-box?label={tablet_id}" in coordinator.get(f"/loans/{loan.id}").text
    asked = {"label": str(tablet_id), "came_on": "2026-05-30", "reason": "Put through the letter-box"}
    early = coordinator.submit("/returns/letter-box", asked)
    assert (early.status_code, "It was handed over on Monday 1 June 2026" in early.text) == (422, True)
    strange = coordinator.submit("/returns/letter-box", {**asked, "label": "nothing of ours"})
    assert "No tablet of ours that is away has this code or serial." in strange.text
    done = coordinator.submit("/returns/letter-box", {**asked, "came_on": "2026-06-29"})
    assert done.headers["location"] == f"/loans/{loan.id}"
    assert "Came to the hub on Monday 29 June 2026" in coordinator.get(f"/loans/{loan.id}").text
    assert "Did it come while nobody was there?" in browser_as(Role.TECHNICIAN).get("/returns").text
