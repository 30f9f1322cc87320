"""A swap at a door: two labels, one loan that goes on, and the other tablet that comes to the hub."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete

from fleet.deliveries import queries, service
from fleet.deliveries.facts import Details
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import Action, Answer, JobEnd, JobKind, JobState
from fleet.errors import Conflict
from fleet.loans import queries as loan_queries
from fleet.loans import service as loans
from fleet.loans.models import LoanSim
from fleet.loans.rules import HandedTo, LoanState
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, Stage
from fleet.users.rules import Role
from tests.delivering import NOBODY_IN, Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser


@pytest.fixture
def job(delivering: Delivering) -> DeliveryJob:
    return delivering.swap(delivering.run())


def done(delivering: Delivering, job: DeliveryJob) -> Details:
    """What is ticked, with the label of the one that stays."""
    other = delivering.other_code(job)
    return Details(handed_to=HandedTo.PARTICIPANT, phrase_heard=True, second_code=other, sim_in_tray=False)


def other(delivering: Delivering, job: DeliveryJob) -> Tablet:
    assert job.brings_id is not None
    return delivering.lending.read(tablets.get_tablet, job.brings_id)


def load(delivering: Delivering, job: DeliveryJob) -> Answer:
    return delivering.tell_one(delivering.fact(Action.LOAD, job, code=delivering.other_code(job))).answer


def test_a_swap_goes_from_the_hub_to_the_door_and_back(delivering: Delivering, job: DeliveryJob) -> None:
    due = delivering.loan_of(job).due_on
    assert (job.kind, load(delivering, job)) == (JobKind.SWAP, Answer.APPLIED)
    swapped = delivering.tell_one(delivering.fact(Action.SWAP, job, details=done(delivering, job)))
    assert (swapped.answer, "as before" in swapped.sentence) == (Answer.APPLIED, True)
    loan = delivering.loan_of(job)
    assert (loan.state, loan.due_on, loan.swap_tablet_id) == (LoanState.ACTIVE, due, None)
    assert delivering.lending.tablet_id(loan.id) == job.brings_id
    back = delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job))
    assert back.answer is Answer.APPLIED
    own, stays = delivering.tablet_of(job), other(delivering, job)
    assert (own.stage, own.data, own.custody) == (Stage.RETURNED, DataState.DIRTY, Custody.HUB)
    assert (stays.stage, stays.custody) == (Stage.ON_LOAN, Custody.PARTICIPANT)
    ended = delivering.again(job)
    assert (ended.state, ended.ended) == (JobState.CLOSED, JobEnd.SWAPPED)


def test_each_label_is_asked_for_in_its_place(delivering: Delivering, job: DeliveryJob) -> None:
    own, brought = delivering.code(job.tablet_id), delivering.other_code(job)
    wrong = delivering.tell_one(delivering.fact(Action.LOAD, job))
    assert (wrong.reason, brought in wrong.sentence) == ("wrong_tablet", True)
    load(delivering, job)
    turned_round = replace(done(delivering, job), second_code=own)
    reversed_ = delivering.tell_one(delivering.fact(Action.SWAP, job, code=brought, details=turned_round))
    assert (reversed_.reason, own in reversed_.sentence) == ("wrong_tablet", True)
    twice = delivering.tell_one(delivering.fact(Action.SWAP, job, details=turned_round))
    assert (twice.answer, f"scan {brought}" in twice.sentence) == (Answer.REFUSED, True)
    once = delivering.tell_one(delivering.fact(Action.SWAP, job, details=replace(turned_round, second_code="")))
    assert once.reason == "second_code_needed"
    silent = replace(done(delivering, job), sim_in_tray=None)
    assert delivering.tell_one(delivering.fact(Action.SWAP, job, details=silent)).reason == "sim_needed"
    assert delivering.loan_of(job).swap_tablet_id == job.brings_id


def test_the_old_label_at_another_door_is_refused_and_says_what_became_of_it(
    delivering: Delivering, job: DeliveryJob
) -> None:
    load(delivering, job)
    delivering.tell_one(delivering.fact(Action.SWAP, job, details=done(delivering, job)))
    next_door, own = delivering.delivery(delivering.run()), delivering.code(job.tablet_id)
    refused = delivering.tell_one(delivering.fact(Action.HAND_OVER, next_door, minutes=5, code=own))
    assert (refused.answer, refused.reason) == (Answer.REFUSED, "swapped_out")
    assert "bring it to the hub" in refused.sentence


def test_nobody_in_brings_the_other_one_back_still_kept(delivering: Delivering, job: DeliveryJob) -> None:
    load(delivering, job)
    assert delivering.tell_one(delivering.fact(Action.FAILED, job, details=NOBODY_IN)).answer is Answer.APPLIED
    back = delivering.fact(Action.BACK_AT_HUB, job, code=delivering.other_code(job))
    assert delivering.tell_one(back).answer is Answer.APPLIED
    assert other(delivering, job).stage is Stage.ALLOCATED
    ended = delivering.again(job)
    assert (ended.state, ended.ended, ended.attempts) == (JobState.CLOSED, JobEnd.BACK_AT_HUB, 1)
    waiting = delivering.lending.read(queries.loans_waiting, hub_id=delivering.lending.hub_id)
    assert [loan.id for loan, _ in waiting] == [job.loan_id]


def test_the_one_that_comes_back_waits_at_the_hub_for_the_swap_to_be_told(
    delivering: Delivering, job: DeliveryJob
) -> None:
    early = delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job, minutes=-1))
    assert (early.answer, early.reason) == (Answer.CONFLICT, "swap_first")
    late = delivering.fact(Action.SWAP, job, minutes=-9, details=done(delivering, job))
    assert delivering.tell_one(late).answer is Answer.APPLIED
    assert delivering.again(job).ended is JobEnd.SWAPPED
    assert delivering.tablet_of(job).stage is Stage.RETURNED


def test_a_run_is_not_finished_while_a_tablet_of_a_swap_is_on_board(delivering: Delivering, job: DeliveryJob) -> None:
    load(delivering, job)
    with pytest.raises(Conflict, match=delivering.other_code(job)):
        delivering.do(service.finish_run, job.run_id, settings=delivering.lending.settings)
    delivering.tell_one(delivering.fact(Action.SWAP, job, details=done(delivering, job)))
    with pytest.raises(Conflict, match=delivering.code(job.tablet_id)):
        delivering.do(service.finish_run, job.run_id, settings=delivering.lending.settings)
    delivering.tell_one(delivering.fact(Action.BACK_AT_HUB, job))
    delivering.do(service.finish_run, job.run_id, settings=delivering.lending.settings)


def test_a_swap_called_off_is_not_put_on_a_run(delivering: Delivering, job: DeliveryJob) -> None:
    delivering.do(service.take_off, job.id, settings=delivering.lending.settings)
    delivering.lending.do(loans.call_off_swap, job.loan_id, reason="It works again")
    assert delivering.lending.read(queries.loans_waiting, hub_id=delivering.lending.hub_id) == []


def test_the_log_says_what_was_seen_of_the_one_that_came_back(delivering: Delivering, job: DeliveryJob) -> None:
    seen = replace(done(delivering, job), condition="damaged", sim_in_tray=False)
    delivering.tell_one(delivering.fact(Action.SWAP, job, details=seen))
    told = next(each for each in delivering.lending.read(loan_queries.events, job.loan_id) if each.kind == "swap")
    assert (told.details["condition"], told.details["sim_in_tray"]) == ("damaged", False)
    assert told.words.startswith("Swapped: ")


@ON_SQLITE
def test_a_swap_is_done_on_the_phone_without_scripts(
    delivering: Delivering, browser_as: Callable[..., Browser]
) -> None:
    browser = browser_as(Role.COURIER)
    assert browser.actor is not None
    delivering.couriers.insert(0, browser.actor)
    job = delivering.swap(delivering.run())
    own, brought, here = delivering.code(job.tablet_id), delivering.other_code(job), f"/run/stops/{job.id}"
    assert f'data-expected="{brought}"' in browser.get(here).text
    assert brought in browser.get("/run/hub").text
    browser.submit("/run/hub/load", {"code": brought})
    page = browser.get(here).text
    assert page.index(f'data-expected="{own}"') < page.index(f'data-expected="{brought}"')
    at_the_door = {"code": own, "phrase_heard": "yes", "handed_to": "participant", "sim_in_tray": "no"}
    refused = browser.submit(f"{here}/swap", at_the_door)
    assert (refused.status_code, "Scan the one that stays too." in refused.text) == (422, True)
    assert f'value="{own}"' in refused.text
    browser.submit(f"{here}/swap", at_the_door | {"second_code": brought})
    assert own in browser.get("/run/hub").text
    browser.submit("/run/hub/back_at_hub", {"code": own})
    assert delivering.again(job).ended is JobEnd.SWAPPED


@ON_SQLITE
def test_where_a_sim_is_is_asked_only_where_there_is_one(
    delivering: Delivering, browser_as: Callable[..., Browser]
) -> None:
    courier, lending = browser_as(Role.COURIER), delivering.lending
    assert courier.actor is not None
    delivering.couriers.insert(0, courier.actor)
    job = delivering.swap(delivering.run())
    load(delivering, job)
    here = f"/run/stops/{job.id}"
    assert "Where is their SIM?" in courier.get(here).text
    with lending.database.write() as session:
        session.execute(delete(LoanSim))
    assert "Where is their SIM?" not in courier.get(here).text
    silent = replace(done(delivering, job), sim_in_tray=None)
    told = delivering.tell_one(delivering.fact(Action.SWAP, job, details=silent))
    assert told.answer is Answer.APPLIED


@ON_SQLITE
def test_a_coordinator_arranges_a_swap_and_finds_it_among_those_who_wait(
    delivering: Delivering, browser_as: Callable[..., Browser]
) -> None:
    loan, kept = delivering.lending.loan_at(LoanState.ACTIVE), delivering.lending.tablet()
    run = delivering.run()
    browser = browser_as(Role.COORDINATOR)
    assert f"/loans/{loan.id}/swap" in browser.get(f"/loans/{loan.id}").text
    assert str(kept.id) in browser.get(f"/loans/{loan.id}/swap").text
    unsaid = browser.submit(f"/loans/{loan.id}/swap", {"tablet_id": str(kept.id)})
    assert (unsaid.status_code, "Choose why." in unsaid.text) == (422, True)
    browser.submit(f"/loans/{loan.id}/swap", {"tablet_id": str(kept.id), "reason": "It is broken"})
    page = browser.get(f"/loans/{loan.id}").text
    assert "To be swapped for" in page
    assert f"/loans/{loan.id}/moves/call_off_swap" in page
    assert f"/loans/{loan.id}/moves/lose_swap" not in page
    assert "Swap with" in browser.get("/courier-runs/plan").text
    assert "swap with" in browser.get(f"/courier-runs/{run.id}").text
    job = delivering.job(run, delivering.lending.read(loans.get_loan, loan.id))
    brought = delivering.other_code(job)
    for address in ("/courier-runs/plan", f"/courier-runs/{run.id}", f"/courier-runs/{run.id}/sheet"):
        assert brought in browser.get(address).text, address
