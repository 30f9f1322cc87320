"""Handing a run on: what is done and on board stays, the rest is asked of another, and nobody sees more for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.deliveries import queries, service
from fleet.deliveries.models import CourierRun
from fleet.deliveries.rules import Action, JobState, RunState
from fleet.errors import BadInput, Conflict
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.test_runs import courier_of, run_again
from tests.fleet.deliveries.test_sight import MARKED, STREET, phone
from tests.people import Browser

pytestmark = ON_SQLITE


def hand_on(delivering: Delivering, run: CourierRun, courier_id: int | None) -> CourierRun:
    made: CourierRun = delivering.do(
        service.hand_on, run.id, courier_id=courier_id, settings=delivering.lending.settings
    )
    return made


def test_a_run_that_has_not_begun_goes_over_whole(delivering: Delivering) -> None:
    run, other = delivering.run(), delivering.another_courier().user_id
    delivering.delivery(run)
    assert hand_on(delivering, run, other).id == run.id
    assert (run_again(delivering, run).courier_id, run_again(delivering, run).state) == (other, RunState.OFFERED)


def test_of_a_run_that_has_begun_the_rest_becomes_a_run_of_its_own(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    run, second = delivering.run(), phone(browser_as, delivering)
    first = delivering.couriers[1]
    done, carried, fetched = delivering.delivery(run, **MARKED), delivering.delivery(run), delivering.collection(run)
    failed, to_come = delivering.collection(run), delivering.delivery(run)
    for action, job in (
        (Action.HAND_OVER, done),
        (Action.LOAD, carried),
        (Action.COLLECT, fetched),
        (Action.FAILED, failed),
    ):
        delivering.tell_one(delivering.fact(action, job), courier=first)
    assert second.actor is not None
    with pytest.raises(Conflict):
        delivering.do(service.assign_run, run.id, courier_id=second.actor.user_id)
    fresh = hand_on(delivering, run, second.actor.user_id)
    left = delivering.lending.read(queries.jobs_of, [fresh.id])
    assert [(job.loan_id, job.state) for job in left] == [
        (failed.loan_id, JobState.OFFERED),
        (to_come.loan_id, JobState.OFFERED),
    ]
    assert run_again(delivering, run).courier_id == first.user_id
    second.submit(f"/run/{fresh.id}/accept")
    assert STREET not in second.get("/run").text
    back = delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, fetched), courier=first)
    assert (back.answer, delivering.again(carried).state) == ("applied", JobState.LOADED)


def test_a_run_is_not_handed_to_somebody_who_could_not_do_it(delivering: Delivering) -> None:
    run = delivering.run()
    delivering.tell_one(delivering.fact(Action.LOAD, delivering.delivery(run)))
    delivering.delivery(run)
    for courier_id in (courier_of(delivering, "E1"), delivering.courier.user_id, 99_999):
        with pytest.raises(BadInput):
            hand_on(delivering, run, courier_id)
    assert len(delivering.lending.read(queries.jobs_of, [run.id])) == 2
    nothing_left = delivering.run()
    delivering.tell_one(delivering.fact(Action.LOAD, delivering.delivery(nothing_left)))
    with pytest.raises(Conflict):
        hand_on(delivering, nothing_left, delivering.another_courier().user_id)


def test_the_page_says_what_happens_to_each_stop_and_who_could_go(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    planner, run = browser_as(Role.COORDINATOR), delivering.run()
    carried = delivering.delivery(run)
    delivering.delivery(run)
    delivering.tell_one(delivering.fact(Action.LOAD, carried))
    elsewhere, able = courier_of(delivering, "E1"), delivering.another_courier()
    page = planner.get(f"/courier-runs/{run.id}/hand-on").text
    for shown in (
        f"has 1 tablet of this run: {delivering.code(carried.tablet_id)}.",
        "who has the tablet.",
        "Goes to the other courier, who is asked first.",
        "does not cover N19.",
    ):
        assert shown in page
    assert f'<option value="{able.user_id}"' in page
    assert f'<option value="{elsewhere}"' not in page
    refused = planner.submit(f"/courier-runs/{run.id}/hand-on", {"courier_id": str(elsewhere)})
    assert refused.status_code == 422
    answer = planner.submit(f"/courier-runs/{run.id}/hand-on", {"courier_id": str(able.user_id)})
    assert answer.headers["location"] == f"/courier-runs/{run.id + 1}"
    body = {"courier_id": able.user_id}
    assert planner.post(f"/api/v1/courier-runs/{run.id}/hand-on", json=body).status_code == 409


def test_a_coordinator_sees_how_far_a_run_is_and_when_its_phone_was_heard(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    planner, run = browser_as(Role.COORDINATOR), delivering.run()
    first, _ = delivering.delivery(run), delivering.delivery(run)
    assert "Not heard of yet." in planner.get(f"/courier-runs/{run.id}").text
    delivering.tell_one(delivering.fact(Action.HAND_OVER, first))
    delivering.at(minutes=18)
    page = planner.get(f"/courier-runs/{run.id}").text
    assert "1 of 2 stops done" in page
    assert "Last heard 10:00, 18 minutes ago." in page
