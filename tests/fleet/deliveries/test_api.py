"""What a courier's phone and a planner's program are answered over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fleet.deliveries.facts import Fact
from fleet.deliveries.rules import Action
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.people import Browser


def phone(browser_as: Callable[..., Browser], delivering: Delivering) -> Browser:
    """A browser of the courier that the tests are about."""
    browser = browser_as(Role.COURIER)
    assert browser.actor is not None
    delivering.couriers.insert(0, browser.actor)
    return browser


def body(fact: Fact) -> dict[str, Any]:
    """A fact as a phone sends it."""
    said = fact.details
    details: dict[str, Any] = {
        "job": said.job,
        "handed_to": said.handed_to,
        "phrase_heard": said.phrase_heard,
        "agreement_accepted": said.agreement_accepted,
        "reason": said.reason,
        "condition": said.condition,
        "sim_in_tray": said.sim_in_tray,
    }
    return {
        "id": fact.id,
        "code": fact.code,
        "action": fact.action,
        "occurred_at": fact.occurred_at.isoformat(),
        "sequence": fact.sequence,
        "clock_offset_ms": fact.clock_offset_ms,
        "run": fact.run,
        "details": details,
    }


def test_one_fact_gets_one_answer_and_told_again_the_same(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    job = delivering.delivery(delivering.run())
    told = body(delivering.fact(Action.LOAD, job))
    first, second = (courier.post("/api/v1/scans", json=told) for _ in range(2))
    assert first.status_code == second.status_code == 200
    assert (first.json()["answer"], first.json()["replayed"]) == ("applied", False)
    assert second.json() == first.json() | {"replayed": True}


def test_a_batch_is_applied_as_it_happened_and_answered_as_it_was_sent(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    job = delivering.delivery(delivering.run())
    load = delivering.fact(Action.LOAD, job, minutes=-50)
    hand_over = delivering.fact(Action.HAND_OVER, job, minutes=-10)
    unreadable = delivering.fact(Action.LOAD, job, code="\u0000menu")
    answer = courier.post("/api/v1/scans", json={"facts": [body(hand_over), body(unreadable), body(load)]})
    assert answer.status_code == 200
    answers = answer.json()["answers"]
    assert [each["id"] for each in answers] == [hand_over.id, unreadable.id, load.id]
    assert [each["answer"] for each in answers] == ["applied", "refused", "applied"]
    assert delivering.loan_of(job).state is LoanState.ACTIVE


def test_a_batch_of_ten_thousand_is_refused_whole_and_says_so(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier = phone(browser_as, delivering)
    one = body(delivering.fact(Action.LOAD, delivering.delivery(delivering.run())))
    answer = courier.post("/api/v1/scans", json={"facts": [one] * 10_000})
    assert answer.status_code == 422
    assert "500 is the most at once" in str(answer.json()["fields"])
    assert delivering.scans() == []


def test_a_fact_without_a_zone_or_an_id_is_refused_by_name(browser_as: Callable[..., Browser]) -> None:
    courier = browser_as(Role.COURIER)
    told = {"code": "K7F3-QX", "action": "load", "occurred_at": "2026-06-01T10:00:00", "sequence": 1}
    answer = courier.post("/api/v1/scans", json=told)
    assert answer.status_code == 422
    assert {name.split(".")[-1] for name in answer.json()["fields"]} == {"id", "occurred_at"}


def test_remarks_sent_with_a_fact_are_not_kept(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    courier = phone(browser_as, delivering)
    told = body(delivering.fact(Action.LOAD, delivering.delivery(delivering.run())))
    told["details"]["note"] = "Marked-Remark"
    assert courier.post("/api/v1/scans", json=told).status_code == 200
    assert "Marked-Remark" not in str(delivering.scans()[0].details)


def test_a_planner_plans_a_run_and_a_courier_takes_it_on(
    browser_as: Callable[..., Browser], delivering: Delivering
) -> None:
    courier, planner = phone(browser_as, delivering), browser_as(Role.COORDINATOR)
    loan = delivering.lending.loan_at(LoanState.ALLOCATED)
    assert courier.actor is not None
    asked = {"day": "2026-06-01", "vehicle": "bike", "courier_id": courier.actor.user_id}
    run = planner.post("/api/v1/courier-runs", json=asked)
    assert (run.status_code, run.json()["state"]) == (201, "offered")
    number = run.json()["id"]
    window = {"window_from": "10:30", "window_to": "11:00"}
    job = planner.post(f"/api/v1/courier-runs/{number}/jobs", json={"loan_id": loan.id, **window})
    assert (job.status_code, job.json()["kind"], job.json()["state"]) == (201, "deliver", "offered")
    offered = courier.get("/api/v1/me/run").json()
    assert (offered["runs"], offered["offered"][0]["stops"][0]["address"]) == ([], [])
    taken = courier.post(f"/api/v1/courier-runs/{number}/accept")
    assert taken.status_code == 200
    stop = taken.json()["runs"][0]["stops"][0]
    assert (stop["first_name"], stop["window_from"][:16], stop["phrase"]) == (
        "Sample",
        "2026-06-01T10:30",
        loan.doorstep_phrase,
    )
    again = planner.post(f"/api/v1/courier-runs/{number}/jobs", json={"loan_id": loan.id, **window})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


def test_what_did_not_fit_is_listed_and_settled(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    courier, planner = phone(browser_as, delivering), browser_as(Role.COORDINATOR)
    job = delivering.collection(delivering.run())
    courier.post("/api/v1/scans", json=body(delivering.fact(Action.BACK_AT_HUB, job)))
    listed = planner.get("/api/v1/scans").json()
    assert [each["reason"] for each in listed["items"]] == ["collect_first"]
    number = listed["items"][0]["number"]
    assert planner.post(f"/api/v1/scans/{number}/settle", json={"reason": "Scanned twice."}).status_code == 200
    assert planner.get("/api/v1/scans").json()["total"] == 0
    assert planner.post(f"/api/v1/scans/{number}/settle", json={"reason": "Again."}).status_code == 409


def test_only_couriers_tell_and_only_planners_plan(browser_as: Callable[..., Browser]) -> None:
    for role in (Role.TECHNICIAN, Role.COORDINATOR, Role.REFERRER):
        assert browser_as(role).get("/api/v1/me/run").status_code == 403
    for role in (Role.TECHNICIAN, Role.COURIER, Role.DONOR):
        assert browser_as(role).get("/api/v1/courier-runs").status_code == 403
        assert browser_as(role).get("/api/v1/scans").status_code == 403
