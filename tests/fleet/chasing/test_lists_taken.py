"""A list that leaves as a file and names people: who took it out, and whose log says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from fleet.loans import service as loans
from fleet.people import queries
from fleet.people.rules import Channel as ContactBy
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.people import Browser

pytestmark = ON_SQLITE
DUE = date(2026, 6, 29)


def logged(chasing: Chasing, person_id: int) -> list[tuple[str, str]]:
    """The files that somebody's log says they were in, each with the role of whoever took it out."""
    with chasing.database.read() as session:
        events = queries.events(session, person_id)
    return [(each.words, each.role) for each in events if each.kind == "taken_out"]


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("/people", "list of people"),
        ("/loans", "list of loans"),
        ("/requests", "list of requests"),
        ("/requests/waiting", "waiting list"),
        ("/chasing", "list of who to ring"),
        ("/chasing/dry-run", "list of who hears from us on 29 June 2026"),
        ("/chasing/letters", "list of letters"),
    ],
)
def test_a_list_of_names_that_leaves_is_written_down_and_stands_in_the_log_of_each(
    chasing: Chasing, browser_as: Callable[..., Browser], address: str, named: str
) -> None:
    lending = chasing.lending
    has = chasing.loan(DUE, by=ContactBy.LETTER, details={"first_name": "Marked"})
    waits = lending.request(person=lending.person(first_name="Marked"))
    lending.do(loans.put_on_waiting_list, waits.id)
    chasing.at(DUE)
    chasing.tick()
    coordinator, reader = browser_as(Role.COORDINATOR), browser_as(Role.DATA_PROTECTION)
    shown = coordinator.get(address).text
    assert "Marked" in shown
    assert f"The {named}" not in reader.get("/sheets/taken").text
    csv = coordinator.get(f"{address}?format=csv").text
    assert f"The {named}" in reader.get("/sheets/taken").text
    told = logged(chasing, has.person_id) + logged(chasing, waits.person_id)
    assert told == [(f"In the {named} that was taken out", "coordinator")] * csv.count("Marked")
