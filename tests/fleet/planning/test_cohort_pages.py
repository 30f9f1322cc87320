"""A cohort set up and changed on its pages: days out of order are asked about, moves are shown before they happen."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from fleet.cohorts import service as cohorts
from fleet.cohorts.models import Cohort
from fleet.loans import queries as loan_queries
from fleet.loans import service as loans
from fleet.loans.models import Loan
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

pytestmark = ON_SQLITE
AskFor = Callable[..., Browser]
STARTS, ENDS, LATER = date(2026, 6, 1), date(2026, 6, 29), date(2026, 7, 6)


def lent(lending: Lending, count: int = 2) -> tuple[Cohort, list[Loan]]:
    """A cohort that runs, and its loans."""
    programme = lending.programme(bundle_required=False)
    cohort = lending.cohort(programme, STARTS, ENDS)
    made = [lending.loan_at(LoanState.ACTIVE, programme, cohort_id=cohort.id) for _ in range(count)]
    assert {loan.due_on for loan in made} == {ENDS}
    return cohort, made


def as_it_is(cohort: Cohort, **other: Any) -> dict[str, str]:
    asked = {"name": cohort.name, "starts_on": cohort.starts_on, "ends_on": cohort.ends_on, "places": cohort.places}
    return {name: str(value) for name, value in (asked | other).items()}


def digest(page: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]+)"', page)
    assert found is not None
    return found.group(1)


def due(lending: Lending, *made: Loan) -> list[date | None]:
    return [lending.read(loans.get_loan, each.id).due_on for each in made]


def test_another_last_day_shows_the_loans_it_moves_and_moves_them(browser_as: AskFor, lending: Lending) -> None:
    cohort, (first, longer) = lent(lending)
    lending.do(loans.extend, longer.id, due_on=date(2026, 7, 20), reason="Still learning")
    coordinator, where = browser_as(Role.COORDINATOR), f"/cohorts/{cohort.id}/change"
    assert where in coordinator.get(f"/cohorts/{cohort.id}").text
    seen = coordinator.submit(where, as_it_is(cohort, ends_on=LATER))
    assert "1 loan is due on Monday 29 June. With the cohort that would be Monday 6 July." in seen.text
    assert "1 loan is due on a day of its own, which stays." in seen.text
    [row] = [each for each in seen.text.split("<tr")[1:] if f'href="/loans/{first.id}"' in each]
    assert ("Mon 29 Jun" in row, "Mon 6 Jul" in row) == (True, True)
    assert f'href="/loans/{longer.id}"' not in seen.text
    assert due(lending, first) == [ENDS]
    told = as_it_is(cohort, ends_on=LATER, do="move", digest=digest(seen.text))
    assert coordinator.submit(where, told).status_code == 303
    assert due(lending, first, longer) == [LATER, date(2026, 7, 20)]
    *_, last = lending.read(loan_queries.due_versions, first.id)
    assert last.reason == f"{cohort.name} ends on another day"
    assert lending.read(cohorts.get_cohort, cohort.id).ends_on == LATER


def test_promised_days_may_stay_and_sooner_ones_are_not_moved_lightly(browser_as: AskFor, lending: Lending) -> None:
    cohort, made = lent(lending)
    coordinator, where = browser_as(Role.COORDINATOR), f"/cohorts/{cohort.id}/change"
    asked = as_it_is(cohort, ends_on=date(2026, 6, 22), places=1)
    seen = coordinator.submit(where, asked).text
    assert "Ring them before you move it." in seen
    assert "2 people have a place already, and you say 1." in seen
    assert coordinator.submit(where, {**asked, "do": "stay", "digest": digest(seen)}).status_code == 303
    assert due(lending, *made) == [ENDS, ENDS]
    changed = lending.read(cohorts.get_cohort, cohort.id)
    assert (changed.ends_on, changed.places) == (date(2026, 6, 22), 1)


def test_what_was_not_shown_is_not_moved(browser_as: AskFor, lending: Lending) -> None:
    cohort, made = lent(lending)
    where = f"/cohorts/{cohort.id}/change"
    answer = browser_as(Role.COORDINATOR).submit(where, as_it_is(cohort, ends_on=LATER, do="move", digest="0" * 32))
    assert (answer.status_code, "Other loans would move by now" in answer.text) == (409, True)
    assert (due(lending, *made), lending.read(cohorts.get_cohort, cohort.id).ends_on) == ([ENDS, ENDS], ENDS)


def test_a_last_day_that_has_gone_moves_nobody(browser_as: AskFor, lending: Lending) -> None:
    cohort, made = lent(lending)
    lending.clock.advance(days=14)
    coordinator, where = browser_as(Role.COORDINATOR), f"/cohorts/{cohort.id}/change"
    asked = as_it_is(cohort, ends_on=date(2026, 6, 8))
    assert "No due date moves: Monday 8 June has gone." in coordinator.submit(where, asked).text
    assert coordinator.submit(where, {**asked, "do": "stay"}).status_code == 303
    assert due(lending, *made) == [ENDS, ENDS]


def test_a_cohort_that_would_begin_out_of_order_is_asked_about(browser_as: AskFor, lending: Lending) -> None:
    programme = lending.programme(bundle_required=False)
    coordinator = browser_as(Role.COORDINATOR)
    new = f"/cohorts/new?programme={programme.id}"
    assert new in coordinator.get(f"/programmes/{programme.id}").text
    assert f'value="{programme.id}" selected' in coordinator.get(new).text
    first = {
        "programme_id": str(programme.id),
        "name": "Cohort 1",
        "starts_on": "2026-10-05",
        "ends_on": "2026-11-02",
        "places": "20",
    }
    assert coordinator.submit("/cohorts/new", first).status_code == 303
    second = {**first, "name": "Cohort 2", "starts_on": "2026-01-04", "ends_on": "2027-02-01"}
    asked = coordinator.submit("/cohorts/new", second)
    assert asked.status_code == 422
    assert "Cohort 2 would begin before Cohort 1, Monday 5 October 2026." in asked.text
    assert "Monday 4 January 2027" in asked.text
    assert len(lending.read(cohorts.cohorts_of, programme.id)) == 1
    kept = coordinator.submit("/cohorts/new", {**second, "keep_because": "The hall was free"})
    assert kept.status_code == 303
    one, two = lending.read(cohorts.cohorts_of, programme.id)
    assert (two.starts_on, two.kept_because) == (date(2026, 1, 4), "The hall was free")
    listed = coordinator.get(f"/programmes/{programme.id}").text
    assert listed.index(">Cohort 1<") < listed.index(">Cohort 2<")
    right = as_it_is(two, starts_on=date(2027, 1, 4))
    assert coordinator.submit(f"/cohorts/{two.id}/change", right).status_code == 303
    assert lending.read(cohorts.get_cohort, two.id).kept_because == ""
    wrong = coordinator.submit(f"/cohorts/{one.id}/change", as_it_is(one, starts_on=date(2027, 5, 3), ends_on=LATER))
    assert "It ends before it starts" in wrong.text
    later = coordinator.submit(
        f"/cohorts/{one.id}/change", as_it_is(one, starts_on=date(2027, 5, 3), ends_on="2027-06-07")
    )
    assert "Cohort 1 would begin after Cohort 2" in later.text


def test_a_program_is_asked_about_a_day_out_of_order_too(browser_as: AskFor, lending: Lending) -> None:
    programme = lending.programme(bundle_required=False)
    coordinator = browser_as(Role.COORDINATOR)
    asked = {"programme_id": programme.id, "starts_on": "2026-10-05", "ends_on": "2026-11-02", "places": 20}
    assert coordinator.post("/api/v1/cohorts", json={**asked, "name": "Cohort 2"}).status_code == 201
    late = {**asked, "name": "Cohort 1", "starts_on": "2026-10-12"}
    refused = coordinator.post("/api/v1/cohorts", json=late)
    assert (refused.status_code, "Cohort 1 would begin after Cohort 2" in refused.text) == (422, True)
    assert coordinator.post("/api/v1/cohorts", json={**late, "keep_because": "As agreed"}).status_code == 201


def test_what_cannot_be_read_is_said_beside_it(browser_as: AskFor, lending: Lending) -> None:
    cohort, _ = lent(lending, 1)
    where = f"/cohorts/{cohort.id}/change"
    answer = browser_as(Role.COORDINATOR).submit(where, as_it_is(cohort, starts_on="soon", places="many"))
    assert answer.status_code == 422
    assert "Enter a day as year, month and day, such as 2027-06-12." in answer.text
    assert "Enter a whole number, such as 12." in answer.text
