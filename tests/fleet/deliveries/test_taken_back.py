"""A hand-over that the hub took back: the stop is to be done again, and nothing that was told is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from fleet.deliveries import service
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import Action, Answer, Choice, JobEnd, JobState
from fleet.loans import service as loans
from fleet.loans.rules import LoanState
from fleet.tablets.rules import Stage
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.deliveries.in_hand import facts_on, fill_hand_over, open_today, wait_until
from tests.people import Browser


def handed_over(delivering: Delivering, *before: Action) -> DeliveryJob:
    """A stop that was told of as handed over ten minutes ago."""
    job = delivering.delivery(delivering.run())
    for action in before:
        delivering.tell_one(delivering.fact(action, job, minutes=-20))
    assert delivering.tell_one(delivering.fact(Action.HAND_OVER, job, minutes=-10)).answer is Answer.APPLIED
    return job


def take_back(delivering: Delivering, job: DeliveryJob, *, follow: bool = True) -> None:
    delivering.lending.do(
        loans.undo_hand_over,
        job.loan_id,
        tablet_id=job.tablet_id,
        nobody_had_it=True,
        reason="It was another stop",
    )
    if follow:
        delivering.let_visits_follow()


def stands(delivering: Delivering, job: DeliveryJob) -> tuple[JobState, JobEnd | None, LoanState, Stage]:
    stop = delivering.again(job)
    return stop.state, stop.ended, delivering.loan_of(job).state, delivering.tablet_of(job).stage


TO_BE_DONE = (JobState.LOADED, None, LoanState.OUT_FOR_DELIVERY, Stage.IN_TRANSIT_OUT)
DONE = (JobState.HANDED_OVER, JobEnd.HANDED_OVER, LoanState.ACTIVE, Stage.ON_LOAN)


@pytest.mark.parametrize("before", [(Action.LOAD,), ()])
def test_the_stop_is_to_be_done_again_and_is(delivering: Delivering, before: tuple[Action, ...]) -> None:
    job = handed_over(delivering, *before)
    take_back(delivering, job)
    assert stands(delivering, job) == TO_BE_DONE
    assert delivering.again(job).done_at is None
    delivering.at(minutes=30)
    assert delivering.tell_one(delivering.fact(Action.HAND_OVER, job)).answer is Answer.APPLIED
    assert stands(delivering, job) == DONE


def test_a_courier_who_is_quicker_than_the_worker_is_heard(delivering: Delivering) -> None:
    """The stop follows before the next thing that is told of it is judged."""
    job = handed_over(delivering, Action.LOAD)
    take_back(delivering, job, follow=False)
    delivering.at(minutes=1)
    assert delivering.tell_one(delivering.fact(Action.HAND_OVER, job)).answer is Answer.APPLIED
    assert stands(delivering, job) == DONE
    delivering.let_visits_follow()
    assert stands(delivering, job) == DONE


@ON_SQLITE
@pytest.mark.parametrize(
    ("told", "ends"),
    [
        (Action.FAILED, (JobState.FAILED, None, LoanState.ALLOCATED, Stage.IN_TRANSIT_OUT)),
        (Action.BACK_AT_HUB, (JobState.CLOSED, JobEnd.BACK_AT_HUB, LoanState.ALLOCATED, Stage.ALLOCATED)),
    ],
)
def test_what_contradicted_it_counts_now(
    delivering: Delivering, told: Action, ends: tuple[JobState, JobEnd | None, LoanState, Stage]
) -> None:
    job = handed_over(delivering, Action.LOAD)
    assert delivering.tell_one(delivering.fact(told, job)).answer is Answer.CONFLICT
    take_back(delivering, job)
    assert stands(delivering, job) == ends
    assert [each.action for each in delivering.scans() if each.needs_review and each.settled_at is None] == []


@ON_SQLITE
def test_what_happened_before_it_was_taken_back_and_is_told_late_is_looked_at(delivering: Delivering) -> None:
    """The same mistake, pressed twice with no signal."""
    job = handed_over(delivering, Action.LOAD)
    twice = delivering.fact(Action.HAND_OVER, job, minutes=-9)
    take_back(delivering, job)
    delivering.at(hours=1)
    late = delivering.tell_one(twice)
    assert (late.answer, late.reason) == (Answer.CONFLICT, "taken_back")
    assert "the hub took this hand-over back" in late.sentence
    assert stands(delivering, job) == TO_BE_DONE
    (waits,) = [each for each in delivering.scans() if each.needs_review and each.settled_at is None]
    lending = delivering.lending
    with lending.database.write() as session:
        service.settle(
            session,
            waits.id,
            choice=Choice.COUNT,
            reason="They do have it",
            actor=delivering.planner,
            settings=lending.settings,
            now=lending.clock(),
        )
    assert stands(delivering, job) == DONE


@ON_SQLITE
def test_the_mistake_itself_told_again_changes_nothing(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    mistake = delivering.fact(Action.HAND_OVER, job)
    delivering.tell_one(mistake)
    take_back(delivering, job)
    again = delivering.tell_one(mistake)
    assert (again.replayed, again.reason) == (True, "taken_back")
    assert stands(delivering, job) == TO_BE_DONE


@ON_SQLITE
def test_after_the_run_is_finished_the_courier_still_has_it(delivering: Delivering) -> None:
    """Until the hub scans it in, or it was handed over."""
    job = handed_over(delivering, Action.LOAD)
    delivering.do(service.finish_run, job.run_id, settings=delivering.lending.settings)
    take_back(delivering, job)
    assert stands(delivering, job) == TO_BE_DONE
    delivering.at(minutes=5)
    assert delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job)).answer is Answer.APPLIED
    assert stands(delivering, job) == (JobState.CLOSED, JobEnd.BACK_AT_HUB, LoanState.ALLOCATED, Stage.ALLOCATED)


COLLECTED = (JobState.COLLECTED, JobEnd.COLLECTED, LoanState.COLLECTED, Stage.IN_TRANSIT_BACK)
TO_BE_FETCHED = (JobState.ACCEPTED, None, LoanState.RETURN_ARRANGED, Stage.ON_LOAN)


def test_a_collection_that_was_taken_back_is_to_be_done_again_and_is(delivering: Delivering) -> None:
    job = delivering.collection(delivering.run())
    mistake = delivering.fact(Action.COLLECT, job, minutes=-10)
    late = delivering.fact(Action.COLLECT, job, minutes=-9)
    delivering.tell_one(mistake)
    assert stands(delivering, job) == COLLECTED
    delivering.lending.do(loans.undo_collect, job.loan_id, reason="It was another stop")
    delivering.let_visits_follow()
    assert stands(delivering, job) == TO_BE_FETCHED
    delivering.at(minutes=5)
    assert delivering.tell_one(late).reason == "taken_back"
    assert delivering.tell_one(mistake).reason == "taken_back"
    assert stands(delivering, job) == TO_BE_FETCHED
    assert delivering.tell_one(delivering.fact(Action.COLLECT, job)).answer is Answer.APPLIED
    assert stands(delivering, job) == COLLECTED


@ON_SQLITE
def test_the_day_after_the_hubs_own_scan_ends_the_stop_and_another_run_brings_it(delivering: Delivering) -> None:
    """The phone shows the stop no longer, so that nobody else could."""
    job = handed_over(delivering, Action.LOAD)
    delivering.do(service.finish_run, job.run_id, settings=delivering.lending.settings)
    delivering.at(hours=20)
    take_back(delivering, job)
    delivering.lending.do(loans.scan_in, tablet_id=job.tablet_id, role=Role.TECHNICIAN)
    delivering.let_visits_follow()
    assert stands(delivering, job) == (JobState.CLOSED, JobEnd.BACK_AT_HUB, LoanState.ALLOCATED, Stage.ALLOCATED)
    again = delivering.job(delivering.run(), delivering.loan_of(job))
    assert delivering.tell_one(delivering.fact(Action.HAND_OVER, again)).answer is Answer.APPLIED
    assert stands(delivering, again) == DONE


@ON_SQLITE
def test_a_courier_who_tells_after_the_hubs_own_scan_says_what_is_known(delivering: Delivering) -> None:
    job = handed_over(delivering, Action.LOAD)
    delivering.do(service.finish_run, job.run_id, settings=delivering.lending.settings)
    take_back(delivering, job)
    delivering.lending.do(loans.scan_in, tablet_id=job.tablet_id, role=Role.TECHNICIAN)
    delivering.let_visits_follow()
    delivering.at(minutes=5)
    assert delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job)).answer is Answer.APPLIED
    assert stands(delivering, job) == (JobState.CLOSED, JobEnd.BACK_AT_HUB, LoanState.ALLOCATED, Stage.ALLOCATED)


@ON_SQLITE
def test_what_was_told_before_and_is_counted_after_it_was_taken_back_stays(delivering: Delivering) -> None:
    """The courier who had the run first did hand it over; whoever has it by now pressed for another door."""
    run, lending, other = delivering.run(), delivering.lending, delivering.another_courier()
    job = delivering.delivery(run)
    delivering.do(service.hand_on, run.id, courier_id=other.user_id, settings=lending.settings)
    assert delivering.tell_one(delivering.fact(Action.HAND_OVER, job, minutes=-10)).reason == "no_run"
    assert delivering.tell_one(delivering.fact(Action.HAND_OVER, job, minutes=-9), other).answer is Answer.APPLIED
    take_back(delivering, job)
    delivering.at(hours=1)
    (waits,) = [each for each in delivering.scans() if each.needs_review and each.settled_at is None]
    with lending.database.write() as session:
        service.settle(
            session,
            waits.id,
            choice=Choice.COUNT,
            reason="They do have it",
            actor=delivering.planner,
            settings=lending.settings,
            now=lending.clock(),
        )
    assert delivering.tell_one(delivering.fact(Action.LOAD, job, minutes=-80), other).answer is Answer.ALREADY
    assert stands(delivering, job) == DONE


@ON_SQLITE
def test_by_page_from_the_mistake_to_the_door(delivering: Delivering, browser_as: Callable[..., Browser]) -> None:
    courier, coordinator = browser_as(Role.COURIER), browser_as(Role.COORDINATOR)
    assert courier.actor is not None
    delivering.couriers.insert(0, courier.actor)
    job = handed_over(delivering, Action.LOAD)
    stop = f"/run/stops/{job.id}"
    assert "Was that a mistake, and you have it still? Ring the hub today" in courier.get(stop).text
    loan = f"/loans/{job.loan_id}"
    assert f'href="{loan}/not-handed-over"' in coordinator.get(loan).text
    code = delivering.code(job.tablet_id)
    unsaid = coordinator.submit(f"{loan}/not-handed-over", {"code": "", "reason": "Pressed by mistake"})
    assert (unsaid.status_code, "Scan the label, or type its code." in unsaid.text) == (422, True)
    given = {"code": code, "reason": "Pressed by mistake"}
    had = coordinator.submit(f"{loan}/not-handed-over", given)
    assert had.status_code == 409
    assert "take it in as one that came back" in had.text
    done = coordinator.submit(f"{loan}/not-handed-over", {**given, "nobody_had_it": "yes"})
    assert done.status_code == 303
    assert f"{code} is with the courier" in coordinator.get(loan).text
    delivering.let_visits_follow()
    again = courier.get(stop).text
    assert "Hand it over" in again
    assert "Sample Court" in again
    told = coordinator.get(f"/courier-runs/{job.run_id}").text
    assert "its hand-over was taken back" in told


@ON_SQLITE
@pytest.mark.browser
def test_the_phone_that_told_of_it_offers_the_stop_again(phone: Page, address: str, delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    other = delivering.delivery(delivering.run())
    open_today(phone, address, delivering)
    at_the_door = f"{address}/run/stops/{job.id}?at=door"
    phone.goto(at_the_door)
    fill_hand_over(phone, delivering.code(job.tablet_id))
    wait_until(phone, lambda: delivering.again(job).state is JobState.HANDED_OVER)
    expect(phone).not_to_have_url(at_the_door)
    wait_until(phone, lambda: facts_on(phone)[0]["answer"] is not None)
    take_back(delivering, job)
    phone.goto(f"{address}/run")
    left = phone.locator(f"a[data-told-of='{job.id}']")
    expect(left).not_to_contain_text("Handed over")
    phone.goto(at_the_door)
    expect(phone.locator("form#act")).to_be_visible()
    fill_hand_over(phone, delivering.code(job.tablet_id))
    wait_until(phone, lambda: delivering.again(job).state is JobState.HANDED_OVER)
    assert delivering.again(other).state is JobState.ACCEPTED
