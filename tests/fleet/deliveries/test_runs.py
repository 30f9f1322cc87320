"""Planning: what goes on which run, who may do it, and how a run ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time

import pytest

from fleet.database.lists import ListQuery
from fleet.deliveries import queries, service
from fleet.deliveries.models import CourierRun, DeliveryJob
from fleet.deliveries.rules import Action, JobEnd, JobState, RunState, Vehicle
from fleet.deliveries.service import Window
from fleet.errors import BadInput, Conflict, MoveRefused, NotFound
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.partners import service as partners
from fleet.partners.models import OrganisationKind
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.people import Browser

TEN, ELEVEN = time(10), time(11)


def run_again(delivering: Delivering, run: CourierRun) -> CourierRun:
    return delivering.lending.read(service.get_run, run.id)


def add(delivering: Delivering, run: CourierRun, loan_id: int, window: Window | None = None) -> DeliveryJob:
    made: DeliveryJob = delivering.do(
        service.add_job,
        run.id,
        loan_id=loan_id,
        window=window or Window(TEN, ELEVEN),
        settings=delivering.lending.settings,
    )
    return made


def courier_of(delivering: Delivering, *covers: str, capacity: int | None = None) -> int:
    with delivering.lending.database.write() as session:
        organisation = partners.add_organisation(
            session,
            kind=OrganisationKind.COURIER,
            name=f"Sample Wheels {len(delivering.couriers)}",
            covers=covers,
            vehicle_capacity=capacity,
            now=delivering.lending.clock(),
        )
    courier_id = delivering.another_courier(organisation.id).user_id
    assert courier_id is not None
    return courier_id


def test_a_stop_follows_its_run_through_offer_and_acceptance(delivering: Delivering) -> None:
    run = delivering.run(accepted=False)
    job = delivering.delivery(run)
    assert delivering.again(job).state is JobState.OFFERED
    delivering.do(service.accept_run, run.id, actor=delivering.courier)
    assert delivering.again(job).state is JobState.ACCEPTED
    assert delivering.delivery(run).state is JobState.ACCEPTED
    delivering.do(service.turn_down_run, run.id, actor=delivering.courier)
    assert (run_again(delivering, run).courier_id, delivering.again(job).state) == (None, JobState.PLANNED)


def test_a_loan_is_on_one_run_at_a_time(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    other = delivering.run()
    with pytest.raises(Conflict, match=f"on run {job.run_id} already"):
        add(delivering, other, job.of_loan)


def test_only_what_is_allocated_or_to_be_returned_goes_on_a_run(delivering: Delivering) -> None:
    run = delivering.run()
    for state in (LoanState.APPROVED, LoanState.ACTIVE):
        with pytest.raises(BadInput) as refused:
            add(delivering, run, delivering.lending.loan_at(state).id)
        assert "loan_id" in refused.value.fields


def test_a_stop_has_a_window_that_ends_after_it_begins(delivering: Delivering) -> None:
    loan = delivering.lending.loan_at(LoanState.ALLOCATED)
    with pytest.raises(BadInput) as refused:
        add(delivering, delivering.run(), loan.id, Window(ELEVEN, TEN))
    assert "window_to" in refused.value.fields


def test_a_run_is_for_today_or_later(delivering: Delivering) -> None:
    for day in (date(2026, 5, 31), date(2027, 6, 1)):
        with pytest.raises(BadInput) as refused:
            delivering.do(service.create_run, day=day, vehicle=Vehicle.BIKE)
        assert "day" in refused.value.fields


def test_a_bike_carries_six(delivering: Delivering) -> None:
    run = delivering.do(service.create_run, day=date(2026, 6, 1), vehicle=Vehicle.BIKE)
    for _ in range(6):
        delivering.delivery(run)
    with pytest.raises(BadInput) as refused:
        delivering.delivery(run)
    assert "carries 6 kits" in refused.value.fields["loan_id"]


def test_an_organisation_goes_where_it_says_it_goes(delivering: Delivering) -> None:
    run = delivering.do(service.create_run, day=date(2026, 6, 1), vehicle=Vehicle.CAR)
    delivering.delivery(run, postcode="N19 5XX")
    elsewhere, here = courier_of(delivering, "E1", "E2"), delivering.another_courier().user_id
    with pytest.raises(BadInput) as refused:
        delivering.do(service.assign_run, run.id, courier_id=elsewhere)
    assert refused.value.fields["courier_id"] == "That courier's organisation does not cover N19."
    delivering.do(service.assign_run, run.id, courier_id=here)
    assert run_again(delivering, run).state is RunState.OFFERED


def test_an_organisations_own_capacity_counts(delivering: Delivering) -> None:
    courier_id = courier_of(delivering, capacity=1)
    run = delivering.do(service.create_run, day=date(2026, 6, 1), vehicle=Vehicle.CAR, courier_id=courier_id)
    delivering.delivery(run)
    with pytest.raises(BadInput):
        delivering.delivery(run)


def test_a_run_goes_to_couriers_only(delivering: Delivering) -> None:
    run = delivering.do(service.create_run, day=date(2026, 6, 1), vehicle=Vehicle.CAR)
    technician = delivering.lending.actor(Role.TECHNICIAN)
    for courier_id in (technician.user_id, 99_999):
        with pytest.raises(BadInput):
            delivering.do(service.assign_run, run.id, courier_id=courier_id)


def test_a_run_with_tablets_on_board_is_not_handed_over(delivering: Delivering) -> None:
    run = delivering.run()
    job = delivering.delivery(run)
    delivering.tell_one(delivering.fact(Action.LOAD, job))
    with pytest.raises(Conflict, match="has 1 of its tablets"):
        delivering.do(service.assign_run, run.id, courier_id=delivering.another_courier().user_id)


def test_a_stop_moves_to_another_run_as_a_stop_of_its_own(delivering: Delivering) -> None:
    first, second = delivering.run(), delivering.run(delivering.another_courier())
    job = delivering.delivery(first)
    moved = delivering.do(
        service.move_to_run, job.id, second.id, window=Window(TEN, ELEVEN), settings=delivering.lending.settings
    )
    assert (moved.run_id, moved.loan_id, moved.state) == (second.id, job.loan_id, JobState.ACCEPTED)
    assert delivering.again(job).ended is JobEnd.TAKEN_OFF
    late = delivering.tell_one(delivering.fact(Action.LOAD, job))
    assert (late.reason, delivering.again(moved).state) == ("taken_off", JobState.ACCEPTED)


def test_a_loaded_stop_is_not_taken_off(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    delivering.tell_one(delivering.fact(Action.LOAD, job))
    with pytest.raises(MoveRefused):
        delivering.do(service.take_off, job.id, settings=delivering.lending.settings)


def test_a_run_is_finished_once_nothing_of_it_is_on_its_way(delivering: Delivering) -> None:
    run = delivering.run()
    brought, kept, fetched = delivering.delivery(run), delivering.delivery(run), delivering.collection(run)
    delivering.tell(delivering.fact(Action.LOAD, brought), delivering.fact(Action.FAILED, fetched))
    with pytest.raises(Conflict, match=delivering.code(brought.tablet_id)):
        delivering.do(service.finish_run, run.id, settings=delivering.lending.settings)
    delivering.tell_one(delivering.fact(Action.HAND_OVER, brought))
    delivering.do(service.finish_run, run.id, settings=delivering.lending.settings)
    ends = [delivering.again(job).ended for job in (brought, kept, fetched)]
    assert ends == [JobEnd.HANDED_OVER, JobEnd.NOT_DONE, JobEnd.NOT_DONE]
    assert delivering.loan_of(fetched).state is LoanState.ACTIVE
    assert delivering.loan_of(kept).state is LoanState.ALLOCATED
    delivering.job(delivering.run(), delivering.loan_of(kept))


def test_failed_twice_asks_a_coordinator_to_ring(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    loan = delivering.loan_of(job)
    for _ in range(2):
        delivering.tell(
            delivering.fact(Action.FAILED, job, minutes=-5), delivering.fact(Action.BACK_AT_HUB, job, minutes=-1)
        )
        delivering.at(days=1)
        job = delivering.job(delivering.run(), loan)
    page = browser_as(Role.COORDINATOR).get(f"/courier-runs/{job.run_id}")
    assert "Nobody could do this 2 times. Ring the person" in page.text


def test_a_run_of_somebody_else_is_not_accepted(delivering: Delivering) -> None:
    run = delivering.run(accepted=False)
    with pytest.raises(NotFound):
        delivering.do(service.accept_run, run.id, actor=delivering.another_courier())


def test_runs_are_found_by_day_and_state(delivering: Delivering) -> None:
    today, later = delivering.run(), delivering.run(days_ahead=3, accepted=False)

    def found(**filters: str) -> list[int]:
        asked = ListQuery(filters=filters)
        return [run.id for run in delivering.lending.read(queries.find_runs, asked).items]

    assert found(day="2026-06-01") == [today.id]
    assert found(state="offered") == [later.id]
    assert found(day="never") == [later.id, today.id]


def test_a_planner_plans_a_whole_run_by_pages(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    planner, courier_id = browser_as(Role.COORDINATOR), delivering.courier.user_id
    loan = delivering.lending.loan_at(LoanState.ALLOCATED)
    assert planner.get("/courier-runs/new").status_code == 200
    missing = planner.submit("/courier-runs", {"day": "", "vehicle": "car"})
    assert (missing.status_code, "Choose the day of the run." in missing.text) == (422, True)
    made = planner.submit("/courier-runs", {"day": "2026-06-01", "vehicle": "car", "courier_id": str(courier_id)})
    where = made.headers["location"]
    assert "deliver to Sample" in planner.get(where).text
    wrong = planner.submit(f"{where}/jobs", {"loan_id": str(loan.id), "window_from": "12", "window_to": "soon"})
    assert (wrong.status_code, "Enter when it ends." in wrong.text) == (422, True)
    window = {"window_from": "10:30", "window_to": "11:00"}
    assert planner.submit(f"{where}/jobs", {"loan_id": str(loan.id), **window}).status_code == 303
    page = planner.get(where).text
    assert "10:30 to 11:00" in page
    assert planner.get("/courier-runs?format=csv").headers["content-type"].startswith("text/csv")
    assert planner.get("/courier-runs/conflicts").status_code == 200
    assert planner.submit(f"{where}/finish").status_code == 303


def test_a_number_of_thousands_of_digits_is_nobody(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    form = {"day": "2026-06-01", "vehicle": "car", "courier_id": "9" * 5000}
    answer = browser_as(Role.COORDINATOR).submit("/courier-runs", form)
    assert answer.status_code == 422
    assert "Choose one of the couriers." in answer.text


@pytest.mark.parametrize("begin", [Action.LOAD, Action.FAILED])
def test_a_run_is_finished_once_the_hub_has_scanned_in_what_came_back(delivering: Delivering, begin: Action) -> None:
    """At its own desk: nobody waits for the courier's phone to say so too."""
    run = delivering.run()
    job = delivering.delivery(run)
    delivering.tell_one(delivering.fact(begin, job))
    with pytest.raises(Conflict, match="still has"):
        delivering.do(service.finish_run, run.id, settings=delivering.lending.settings)
    delivering.lending.do(loans.scan_in, tablet_id=job.tablet_id, role=Role.TECHNICIAN)
    delivering.do(service.finish_run, run.id, settings=delivering.lending.settings)
    assert (delivering.again(job).state, delivering.again(job).ended) == (JobState.CLOSED, JobEnd.BACK_AT_HUB)


def test_a_run_is_finished_once_the_hub_has_scanned_in_what_was_collected(delivering: Delivering) -> None:
    run = delivering.run()
    job = delivering.collection(run)
    delivering.tell_one(delivering.fact(Action.COLLECT, job))
    delivering.lending.do(loans.scan_in, tablet_id=job.tablet_id, role=Role.TECHNICIAN)
    delivering.do(service.finish_run, run.id, settings=delivering.lending.settings)
    assert (delivering.again(job).state, delivering.again(job).ended) == (JobState.CLOSED, JobEnd.COLLECTED)
