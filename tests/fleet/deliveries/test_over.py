"""A visit that its loan asks for no longer leaves its run; one that a courier has begun stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.deliveries import service
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import Action, JobEnd, JobState
from fleet.errors import Conflict
from fleet.loans import service as loans
from fleet.loans.rules import LoanState, StopReason
from fleet.users.rules import Role
from tests.delivering import Delivering, fact_id
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser


def after(delivering: Delivering, job: DeliveryJob) -> tuple[JobState, JobEnd | None]:
    found = delivering.again(job)
    return found.state, found.ended


@ON_SQLITE
def test_no_courier_comes_to_a_door_where_somebody_has_died(delivering: Delivering) -> None:
    collection = delivering.collection(delivering.run())
    delivering.lending.do(loans.stop_for_death, collection.loan_id)
    assert delivering.let_visits_follow() == 1
    assert after(delivering, collection) == (JobState.CLOSED, JobEnd.TAKEN_OFF)


@ON_SQLITE
def test_a_tablet_brought_to_the_hub_is_not_fetched_any_more(delivering: Delivering) -> None:
    collection = delivering.collection(delivering.run())
    lending = delivering.lending
    lending.do(loans.scan_in, tablet_id=collection.tablet_id, role=Role.TECHNICIAN)
    assert delivering.let_visits_follow() == 1
    assert after(delivering, collection) == (JobState.CLOSED, JobEnd.TAKEN_OFF)


@ON_SQLITE
def test_a_visit_that_its_loan_still_asks_for_stays(delivering: Delivering) -> None:
    delivery = delivering.delivery(delivering.run())
    lending = delivering.lending
    lending.do(loans.undo_allocation, delivery.loan_id, reason="Another suits them better")
    lending.do(loans.allocate, delivery.loan_id, tablet_id=lending.tablet().id, sim_id=lending.sim().id)
    delivering.let_visits_follow()
    assert after(delivering, delivery) == (JobState.ACCEPTED, None)


@ON_SQLITE
@pytest.mark.parametrize("swapped", [False, True])
def test_a_courier_on_the_way_to_somebody_who_has_died_is_turned_back(
    delivering: Delivering, browser_as: Callable[..., Browser], swapped: bool
) -> None:
    courier, coordinator = browser_as(Role.COURIER), browser_as(Role.COORDINATOR)
    assert courier.actor is not None
    delivering.couriers.insert(0, courier.actor)
    run = delivering.run()
    delivering.tell_one(delivering.fact(Action.COLLECT, delivering.collection(run)))
    visit = delivering.swap(run) if swapped else delivering.delivery(run)
    carried = delivering.other_code(visit) if swapped else delivering.code(visit.tablet_id)
    delivering.tell_one(delivering.fact(Action.LOAD, visit, code=carried))
    where = "Sample Court"
    assert where in courier.get("/run").text
    person_id = delivering.loan_of(visit).person_id
    told = coordinator.submit(f"/people/{person_id}/death")
    delivering.let_visits_follow()
    assert "ring the courier" in coordinator.get(told.headers["location"]).text
    page = coordinator.get(f"/loans/{visit.loan_id}").text
    assert "ring them now" in page
    assert "A courier has begun the visit" in page
    home = coordinator.get("/").text
    assert f"Ring {courier.actor.name}, who is on the way with loan {visit.loan_id}" in home
    assert f'href="/courier-runs/{run.id}"' in home
    assert "Called off: ring the courier" in coordinator.get(f"/courier-runs/{run.id}").text
    for path in ("/run", f"/run/stops/{visit.id}", f"/run/stops/{visit.id}?at=door"):
        shown = courier.get(path).text
        assert "Do not go there" in shown, path
        assert where not in shown, path
        assert "Hand it over" not in shown, path
        assert "Swap them" not in shown, path
    assert "the last stop" not in courier.get(f"/run/stops/{visit.id}").text
    (_, stop) = courier.get("/api/v1/me/run").json()["runs"][0]["stops"]
    assert (stop["called_off"], stop["address"]) == (True, [])
    courier.submit("/run/hub/back_at_hub", {"code": carried, "fact_id": fact_id()})
    after_it = coordinator.get(f"/loans/{visit.loan_id}").text
    assert "ring them now" not in after_it
    assert "who is on the way" not in coordinator.get("/").text


@ON_SQLITE
@pytest.mark.parametrize("died", [True, False])
def test_what_the_hub_scanned_in_itself_is_with_no_courier_when_the_run_ends(
    delivering: Delivering, browser_as: Callable[..., Browser], *, died: bool
) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    lending, run = delivering.lending, delivering.run()
    visit, fetched = delivering.delivery(run), delivering.collection(run)
    delivering.tell(delivering.fact(Action.LOAD, visit), delivering.fact(Action.COLLECT, fetched, minutes=1))
    with pytest.raises(Conflict, match=delivering.code(visit.tablet_id)):
        delivering.do(service.finish_run, run.id, settings=lending.settings)
    if died:
        lending.do(loans.stop_contact, visit.loan_id, StopReason.DIED)
    assert ("ring the courier" in coordinator.get(f"/courier-runs/{run.id}").text) is died
    for job in (visit, fetched):
        lending.do(loans.scan_in, tablet_id=job.tablet_id, role=Role.TECHNICIAN)
    assert "ring the courier" not in coordinator.get(f"/courier-runs/{run.id}").text
    told = delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, visit, minutes=2)) if died else None
    assert told is None or told.sentence.endswith("The hub has it back already.")
    delivering.do(service.finish_run, run.id, settings=lending.settings)
    assert [(delivering.again(job).state, delivering.again(job).ended) for job in (visit, fetched)] == [
        (JobState.CLOSED, JobEnd.BACK_AT_HUB),
        (JobState.CLOSED, JobEnd.COLLECTED),
    ]


@ON_SQLITE
def test_a_tablet_is_fetched_from_somebody_who_moved_into_care(
    delivering: Delivering, browser_as: Callable[..., Browser]
) -> None:
    courier = browser_as(Role.COURIER)
    assert courier.actor is not None
    delivering.couriers.insert(0, courier.actor)
    lending = delivering.lending
    loan = lending.loan_at(LoanState.ACTIVE, person=lending.person(address_line_1="1 Other Court"))
    lending.do(loans.stop_contact, loan.id, StopReason.MOVED_TO_CARE)
    lending.do(loans.arrange_return, loan.id)
    visit = delivering.job(delivering.run(), lending.read(loans.get_loan, loan.id))
    page = courier.get(f"/run/stops/{visit.id}").text
    assert "1 Other Court" in page
    assert "Do not go there" not in page
