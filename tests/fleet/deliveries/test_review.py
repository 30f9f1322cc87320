"""What does not fit is settled by a person: it counts after all where the machines allow it, or the books stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fleet.deliveries import queries, service
from fleet.deliveries.facts import Fact
from fleet.deliveries.models import DeliveryJob, Scan
from fleet.deliveries.pages.conflicts import clock_words
from fleet.deliveries.rules import Action, Answer, Choice, JobState
from fleet.deliveries.service import Prospect
from fleet.errors import BadInput, Conflict
from fleet.loans.rules import LoanState
from fleet.users.rules import Role
from tests.delivering import Delivering
from tests.fixtures.databases import ON_SQLITE
from tests.people import Browser


def settle(delivering: Delivering, scan: Scan, choice: Choice, reason: str = "Rang them.") -> Scan:
    with delivering.lending.database.write() as session:
        return service.settle(
            session,
            scan.id,
            choice=choice,
            reason=reason,
            actor=delivering.planner,
            settings=delivering.lending.settings,
            now=delivering.lending.clock(),
        )


def ahead(delivering: Delivering, scan: Scan) -> Prospect:
    return delivering.lending.read(service.prospect, scan)


def told_by_the_former_courier(delivering: Delivering, **parts: object) -> tuple[DeliveryJob, Fact, Scan]:
    """A hand-over by a courier whose run was given to another meanwhile."""
    run = delivering.run()
    job = delivering.delivery(run)
    fact = delivering.fact(Action.HAND_OVER, job, minutes=-30, **parts)
    delivering.do(service.assign_run, run.id, courier_id=delivering.another_courier().user_id)
    assert delivering.tell_one(fact).reason == "no_run"
    return job, fact, delivering.scans()[-1]


def test_a_hand_over_by_the_courier_before_counts_after_all(delivering: Delivering) -> None:
    job, fact, scan = told_by_the_former_courier(delivering)
    expected = ahead(delivering, scan)
    assert (expected.possible, "to “Handed over”" in expected.words) == (True, True)
    settled = settle(delivering, scan, Choice.COUNT)
    assert (settled.answer, settled.reason, settled.settled_by) == (
        Answer.APPLIED,
        "counted_after_all",
        delivering.planner.name,
    )
    again = delivering.again(job)
    assert (again.state, again.done_at) == (JobState.HANDED_OVER, fact.occurred_at)
    assert delivering.loan_of(job).state is LoanState.ACTIVE
    told = delivering.lending.read(queries.events, job.run_id)[0]
    assert (told.words, told.reason) == (f"Scan {scan.id} counted after all", "Rang them.")
    assert delivering.tell_one(fact).answer is Answer.APPLIED
    with pytest.raises(Conflict, match="settled already"):
        settle(delivering, scan, Choice.LEAVE)


def test_the_books_stay_as_they_are_and_the_fact_as_it_was_told(delivering: Delivering) -> None:
    job, fact, scan = told_by_the_former_courier(delivering)
    with pytest.raises(BadInput):
        settle(delivering, scan, Choice.LEAVE, reason="  ")
    settled = settle(delivering, scan, Choice.LEAVE)
    assert (settled.answer, settled.counts, settled.action) == (Answer.CONFLICT, False, Action.HAND_OVER)
    assert delivering.again(job).state is JobState.OFFERED
    assert delivering.tell_one(fact).answer is Answer.CONFLICT


@ON_SQLITE
def test_what_contradicts_the_story_cannot_count(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    delivering.tell(delivering.fact(Action.HAND_OVER, job, minutes=-60), delivering.fact(Action.BACK_AT_HUB, job))
    [scan] = [scan for scan in delivering.scans() if scan.needs_review]
    assert not ahead(delivering, scan).possible
    with pytest.raises(Conflict, match="cannot change how the stop ended"):
        settle(delivering, scan, Choice.COUNT)
    assert delivering.scans()[-1].settled_at is None


@ON_SQLITE
def test_a_fact_of_a_stop_taken_off_waits_until_its_loan_is_on_no_other_run(delivering: Delivering) -> None:
    job = delivering.delivery(delivering.run())
    fact = delivering.fact(Action.HAND_OVER, job, minutes=-30)
    settings = delivering.lending.settings
    delivering.do(service.take_off, job.id, settings=settings)
    other = delivering.job(delivering.run(delivering.another_courier()), delivering.loan_of(job))
    assert delivering.tell_one(fact).reason == "taken_off"
    scan = delivering.scans()[-1]
    assert ahead(delivering, scan).words == f"Its loan is on run {other.run_id} by now. Take it off that run first."
    delivering.do(service.take_off, other.id, settings=settings)
    settle(delivering, scan, Choice.COUNT)
    assert delivering.loan_of(job).state is LoanState.ACTIVE


@ON_SQLITE
def test_what_only_somebody_at_the_door_could_say_is_not_made_up(delivering: Delivering) -> None:
    _, _, scan = told_by_the_former_courier(delivering, details=service.Details())
    assert not ahead(delivering, scan).possible


@ON_SQLITE
def test_books_that_refuse_are_left_whole(delivering: Delivering) -> None:
    job, _, scan = told_by_the_former_courier(delivering)
    lending = delivering.lending
    delivering.do(service.take_off, job.id, settings=lending.settings)
    other = delivering.delivery(delivering.run())
    delivering.tell_one(delivering.fact(Action.HAND_OVER, other))
    with lending.database.write() as session:
        row = queries.job(session, job.id)
        assert row is not None
        row.loan_id = other.loan_id
    with pytest.raises(Conflict, match="The books do not allow it"):
        settle(delivering, scan, Choice.COUNT)
    assert delivering.scans()[-2].settled_at is None


@ON_SQLITE
def test_both_stories_stand_side_by_side(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    planner = browser_as(Role.COORDINATOR)
    job, fact, scan = told_by_the_former_courier(delivering, clock_offset_ms=-180_000)
    assert f'href="/courier-runs/conflicts/{scan.id}"' in planner.get("/courier-runs/conflicts").text
    assert f'href="/courier-runs/conflicts/{scan.id}"' not in planner.get("/courier-runs/conflicts?action=load").text
    where = f"/courier-runs/conflicts/{scan.id}"
    page = planner.get(where).text
    for shown in (
        "What the phone told",
        f"Number {fact.sequence} of that phone; its clock was 3 min behind",
        "What the books say",
        "Loan: Tablet allocated",
        "Count it after all",
    ):
        assert shown in page
    empty = planner.submit(f"{where}/settle", {"choice": "count", "reason": ""})
    assert (empty.status_code, "Say how it was settled, in a few words." in empty.text) == (422, True)
    assert planner.submit(f"{where}/settle", {"choice": "count", "reason": "They have it."}).status_code == 303
    assert delivering.again(job).state is JobState.HANDED_OVER
    assert "They have it." in planner.get(where).text
    twice = planner.submit(f"{where}/settle", {"choice": "leave", "reason": "Twice"})
    assert (twice.status_code, "settled already" in twice.text) == (422, True)
    assert planner.get("/courier-runs/conflicts/99999").status_code == 404


@ON_SQLITE
def test_a_program_settles_by_the_same_choice(browser_as: Callable[..., Browser], delivering: Delivering) -> None:
    planner = browser_as(Role.COORDINATOR)
    job, _, scan = told_by_the_former_courier(delivering)
    body = {"choice": "count", "reason": "They have it."}
    answer = planner.post(f"/api/v1/scans/{scan.id}/settle", json=body)
    assert (answer.status_code, answer.json()["answer"]) == (200, "applied")
    assert delivering.again(job).state is JobState.HANDED_OVER


def test_a_clock_is_said_by_how_far_it_was_off() -> None:
    assert [clock_words(offset, flagged=False) for offset in (0, 45_000, -3_600_000, 2 * 86_400_000)] == [
        "its clock was right",
        "its clock was 45 s ahead",
        "its clock was 60 min behind",
        "its clock was 48 h ahead",
    ]
    assert clock_words(0, flagged=True) == "its clock could not be believed"
