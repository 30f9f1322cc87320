"""Another taster month for somebody who asked already: places, what is refused, and what the log keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from fleet.cohorts.models import Cohort, Programme
from fleet.errors import BadInput, Conflict
from fleet.loans import queries, service
from fleet.loans.models import LoanEvent
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.lending import Lending
from tests.people import Browser

JULY, AUGUST = (date(2026, 7, 1), date(2026, 7, 29)), (date(2026, 8, 3), date(2026, 8, 31))


def two_months(lending: Lending, places: int = 10) -> tuple[Programme, Cohort, Cohort]:
    programme = lending.programme(bundle_required=False)
    return programme, lending.cohort(programme, *JULY), lending.cohort(programme, *AUGUST, places=places)


def last_event(lending: Lending, loan_id: int) -> LoanEvent:
    return lending.read(queries.events, loan_id)[0]


def test_whoever_waits_is_put_into_the_next_month_and_is_due_with_it(lending: Lending) -> None:
    programme, july, august = two_months(lending)
    loan = lending.loan_at(LoanState.APPROVED, programme, cohort_id=july.id)
    lending.do(service.give_cohort, [loan.id], august.id)
    event = last_event(lending, loan.id)
    assert (event.kind, event.words) == ("cohort", f"Put into {august.name}")
    assert event.details["before"] == july.id
    lending.step(loan.id, LoanState.ALLOCATED)
    lending.step(loan.id, LoanState.OUT_FOR_DELIVERY)
    lending.hand_over(loan.id)
    versions = lending.read(queries.due_versions, loan.id)
    assert [version.due_on for version in versions] == [date(2026, 9, 1)], "the last of August is a bank holiday"


def test_a_full_month_is_refused_and_a_coordinator_goes_beyond_it_with_a_reason(lending: Lending) -> None:
    programme, _, august = two_months(lending, places=1)
    lending.request(programme, cohort_id=august.id)
    loan = lending.loan_at(LoanState.APPROVED, programme)
    with pytest.raises(service.CohortFull, match="has 1 place, and all are taken") as refused:
        lending.do(service.give_cohort, [loan.id], august.id)
    assert "coordinator may go beyond the places with a reason" in refused.value.next_step
    with pytest.raises(BadInput):
        lending.do(service.give_cohort, [loan.id], august.id, override_places=True)
    lending.do(service.give_cohort, [loan.id], august.id, override_places=True, reason="A couple, they come together")
    event = last_event(lending, loan.id)
    assert event.words == f"Put into {august.name}, beyond its 1 place"
    assert event.reason == "A couple, they come together"


@ON_SQLITE
def test_several_are_put_into_a_month_together_or_nobody_is(lending: Lending) -> None:
    programme, _, august = two_months(lending, places=2)
    three = [lending.loan_at(LoanState.APPROVED, programme).id for _ in range(3)]
    with pytest.raises(service.CohortFull, match="has 2 places, and 2 are left"):
        lending.do(service.give_cohort, three, august.id)
    assert {lending.read(service.get_loan, each).cohort_id for each in three} == {None}
    lending.do(service.give_cohort, three[:2], august.id, client_id="several-1")
    lending.do(service.give_cohort, three[:2], august.id, client_id="several-1")
    assert [lending.read(service.get_loan, each).cohort_id for each in three] == [august.id, august.id, None]
    assert [event.kind for event in lending.read(queries.events, three[0])].count("cohort") == 1


@ON_SQLITE
def test_a_month_that_is_over_or_of_others_and_a_loan_that_has_begun_are_refused(lending: Lending) -> None:
    programme, _, august = two_months(lending)
    waiting = lending.request(programme)
    gone = lending.cohort(programme, date(2026, 4, 1), date(2026, 4, 29))
    theirs = lending.cohort(lending.programme(), *AUGUST)
    for cohort, why in ((gone, "is over"), (theirs, "another programme")):
        with pytest.raises(BadInput) as refused:
            lending.do(service.give_cohort, [waiting.id], cohort.id)
        assert why in refused.value.fields["cohort_id"]
    begun = lending.loan_at(LoanState.ACTIVE, programme)
    with pytest.raises(Conflict, match="handed over"):
        lending.do(service.give_cohort, [begun.id], august.id)


@ON_SQLITE
def test_nobody_is_asked_for_into_a_full_month(lending: Lending) -> None:
    programme, _, august = two_months(lending, places=1)
    lending.request(programme, cohort_id=august.id)
    with pytest.raises(BadInput) as refused:
        lending.request(programme, cohort_id=august.id)
    assert "all are taken or asked for" in refused.value.fields["cohort_id"]


@ON_SQLITE
def test_the_api_gives_another_month_and_takes_it_away(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    programme, july, august = two_months(lending)
    loan = lending.request(programme, cohort_id=july.id)
    coordinator = browser_as(Role.COORDINATOR)
    for wanted in (august.id, None):
        told = coordinator.post(f"/api/v1/loans/{loan.id}/cohort", json={"cohort_id": wanted})
        assert told.json()["cohort_id"] == wanted


@ON_SQLITE
def test_the_waiting_list_points_at_months_that_are_over_and_they_get_another_from_there(
    lending: Lending, browser_as: Callable[..., Browser]
) -> None:
    programme, july, august = two_months(lending, places=1)
    one, other = (lending.loan_at(LoanState.APPROVED, programme, cohort_id=july.id) for _ in range(2))
    lending.clock.advance(days=60)
    coordinator = browser_as(Role.COORDINATOR)
    assert "The taster month of 2 people who wait is over." in coordinator.get("/requests/waiting").text
    assert f"{july.name} ended on Wednesday 29 July 2026" in coordinator.get(f"/loans/{one.id}").text
    where = "/requests/waiting/cohort"
    assert july.name not in coordinator.get(where).text, "a month that is over is not offered"
    assert f"{july.name}, over since 29 Jul 2026" in coordinator.get(f"{where}?cohort={august.id}").text
    both = {"cohort_id": str(august.id), "loans": [str(one.id), str(other.id)]}
    full = coordinator.submit(where, both)
    assert full.status_code == 409
    assert "A coordinator may go beyond the places" in full.text
    done = coordinator.submit(where, both | {"override_places": "yes", "reason": "They share a tablet"})
    assert done.status_code == 303
    assert "who wait is over" not in coordinator.get("/requests/waiting").text


@ON_SQLITE
def test_one_loan_gets_another_month_from_its_own_page(lending: Lending, browser_as: Callable[..., Browser]) -> None:
    programme, _, august = two_months(lending)
    loan = lending.request(programme)
    coordinator = browser_as(Role.COORDINATOR)
    assert f"/loans/{loan.id}/cohort" in coordinator.get(f"/loans/{loan.id}").text
    assert august.name in coordinator.get(f"/loans/{loan.id}/cohort").text
    assert coordinator.submit(f"/loans/{loan.id}/cohort", {"cohort_id": str(august.id)}).status_code == 303
    assert f"{august.name}, ends" in coordinator.get(f"/loans/{loan.id}").text
    assert coordinator.submit(where := "/requests/waiting/cohort", {"cohort_id": str(august.id)}).status_code == 422
    assert browser_as(Role.REFERRER).get(where).status_code == 403
