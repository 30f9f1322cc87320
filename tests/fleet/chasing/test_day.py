"""The coordinator's day: what it counts, whom it puts first, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from fleet.bundles.models import DataBundle
from fleet.chasing import service
from fleet.chasing.rules import CallOutcome, HoldReason
from fleet.chasing.service import Show
from fleet.cohorts.models import Programme, ProgrammeGathering
from fleet.deliveries.models import CourierRun, DeliveryJob, Scan
from fleet.deliveries.rules import Action, Answer, JobKind, JobState, Vehicle
from fleet.gatherings import service as gatherings
from fleet.loans.models import Loan, LoanGathering, LoanSim, LoanTablet
from fleet.loans.rules import LoanState
from fleet.people.rules import Channel as ContactBy
from fleet.users.rules import Role
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.chasing.conftest import Chasing
from tests.fleet.chasing.test_last_moment import answered
from tests.gatherings import MUSIC_MORNING
from tests.people import Browser

DUE = date(2026, 6, 29)


def listed(chasing: Chasing, show: Show = Show.ALL, stage: int | None = None) -> list[int]:
    with chasing.database.read() as session:
        found = service.queue(session, now=chasing.clock(), show=show, stage=stage)
    return [entry.loan_id for entry in found.entries]


def test_the_next_cohorts_need_comes_first_then_age_and_a_task_passes_neither(chasing: Chasing) -> None:
    chasing.at(date(2026, 6, 1))
    needed, soonest = chasing.lending.programme(), chasing.lending.programme()
    chasing.lending.cohort(needed, date(2026, 8, 3), date(2026, 8, 31))
    chasing.lending.cohort(soonest, date(2026, 7, 13), date(2026, 8, 10))
    oldest = chasing.loan(date(2026, 6, 15), by=ContactBy.TEXT)
    lent = [
        chasing.lending.loan_at(
            oldest.state, programme, person=chasing.lending.person(channel=ContactBy.TEXT), due_on=due
        )
        for programme, due in ((needed, DUE), (soonest, DUE), (soonest, DUE - timedelta(days=3)))
    ]
    later = chasing.loan(DUE, by=ContactBy.TEXT)
    called = chasing.loan(DUE, by=ContactBy.CALL)
    peace = chasing.loan(date(2026, 6, 10))
    chasing.hold(peace, HoldReason.AWAY, until=date(2026, 7, 30))
    chasing.at(DUE, 8)
    chasing.tick()
    chasing.at(DUE, 20)
    assert called.id in listed(chasing, Show.TASKS)
    assert listed(chasing) == [lent[2].id, lent[1].id, lent[0].id, oldest.id, called.id, later.id, peace.id], (
        "by the next cohort, by age, of the same age whoever somebody is asked to ring, and those left in peace last"
    )


def test_a_cohort_is_said_to_need_only_what_would_be_ready_again_before_it_begins(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    chasing.at(date(2026, 6, 1))
    programme, other = (chasing.lending.programme(turnaround_days=4) for _ in range(2))
    chasing.lending.cohort(programme, date(2026, 7, 13), date(2026, 8, 10))

    def lent(due: date, name: str, of: Programme = programme) -> Loan:
        person = chasing.lending.person(channel=ContactBy.TEXT, first_name=name)
        return chasing.lending.loan_at(LoanState.ACTIVE, of, person=person, due_on=due)

    aside = lent(date(2026, 7, 7), "Aside", other)
    after, hardly, just, late = (
        lent(due, name)
        for due, name in (
            (date(2026, 7, 14), "After"),
            (date(2026, 7, 8), "Hardly"),
            (date(2026, 7, 7), "Just"),
            (date(2026, 6, 24), "Late"),
        )
    )
    chasing.at(date(2026, 7, 7), 8)
    assert listed(chasing) == [each.id for each in (late, just, aside, hardly, after)]
    rows = browser_as(Role.COORDINATOR).get("/chasing").text.split("data-row>")[1:]
    assert ["needs it on 13 July" in row for row in rows] == [True, True, False, False, False]
    chasing.at(date(2026, 7, 8), 8)
    rows = browser_as(Role.COORDINATOR).get("/chasing").text.split("data-row>")[1:]
    assert not any("needs it on" in row for row in rows), "given back today, none would be ready in time"


def test_what_else_the_day_holds_is_counted_and_listed(chasing: Chasing) -> None:
    late, today = chasing.loan(date(2026, 6, 22)), chasing.loan(DUE)
    answers, claims, ends = chasing.loan(DUE), chasing.loan(DUE), chasing.loan(date(2026, 8, 14))
    chasing.at(date(2026, 6, 22))
    answered(chasing, answers)
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        service.record_call(session, claims.id, CallOutcome.SAYS_GIVEN_BACK, actor=actor, happening=happening)
        sim = session.query(LoanSim).filter_by(loan_id=ends.id).one()
        session.query(DataBundle).filter_by(sim_id=sim.sim_id).one().ends_on = date(2026, 7, 2)
    chasing.at(date(2026, 6, 27))
    chasing.tick()
    assert listed(chasing, Show.DATA) == [ends.id]
    assert listed(chasing, Show.ANSWERS) == [answers.id]
    assert listed(chasing, Show.HOLDS) == []
    chasing.at(date(2026, 7, 6))
    assert listed(chasing, Show.HOLDS) == [claims.id]
    assert late.id in listed(chasing, Show.LATE, 2)
    assert today.id in listed(chasing, Show.LATE, 1) + listed(chasing, Show.LATE, 0)
    with chasing.database.read() as session:
        counts = service.counts(session, now=chasing.clock())
    assert (counts.answers, counts.holds, counts.data) == (1, 1, 1)
    assert sum(counts.stages.values()) == counts.late


def test_who_joined_no_gathering_in_a_week_is_rung_until_somebody_hears_that_they_have(chasing: Chasing) -> None:
    handed_over = date(2026, 6, 1)
    chasing.at(handed_over)
    quiet, told, called, without = (chasing.loan(date(2026, 8, 31)) for _ in range(4))
    with chasing.database.write() as session:
        gathering = gatherings.propose(
            session,
            replace(MUSIC_MORNING, host_id=chasing.lending.hub_id),
            actor=chasing.lending.actor(Role.COORDINATOR),
            happening=chasing.lending.happening(),
        )
        session.add_all(LoanGathering(loan_id=each.id, gathering_id=gathering.id, place=1) for each in (quiet, called))
        session.add(ProgrammeGathering(programme_id=told.programme_id, gathering_id=gathering.id, place=1))
        session.add(_joined_at_the_door(session, told, chasing.clock()))
    assert listed(chasing, Show.JOIN) == []
    chasing.at(date(2026, 6, 8))
    assert listed(chasing, Show.JOIN) == listed(chasing) == [quiet.id, called.id]
    with chasing.database.write() as session:
        actor, happening = chasing.lending.actor(Role.COORDINATOR), chasing.lending.happening()
        service.record_call(session, called.id, CallOutcome.HAS_JOINED, actor=actor, happening=happening)
    assert listed(chasing, Show.JOIN) == [quiet.id]
    chasing.at(date(2026, 6, 30))
    assert listed(chasing, Show.JOIN) == []
    assert without.id not in listed(chasing)


def _joined_at_the_door(session: Session, loan: Loan, at: datetime) -> Scan:
    run = CourierRun(hub_id=loan.hub_id, day=at.date(), vehicle=Vehicle.CAR, created_at=at, changed_at=at)
    session.add(run)
    session.flush()
    tablet_id = session.query(LoanTablet).filter_by(loan_id=loan.id).one().tablet_id
    job = DeliveryJob(run_id=run.id, sequence=1, kind=JobKind.DELIVER, loan_id=loan.id, tablet_id=tablet_id)
    job.window_from = job.window_to = job.changed_at = at
    job.state = JobState.CLOSED
    session.add(job)
    session.flush()
    times = {"occurred_at": at, "received_at": at, "effective_at": at}
    told = {"client_id": "one", "code": "", "action": Action.HAND_OVER, "answer": Answer.APPLIED, "source": "phone"}
    details = {"ticks": ["joined", "turned_on"]}
    return Scan(**told, **times, sequence=1, job_id=job.id, courier_name="Sample", details=details, counts=True)


@ON_SQLITE
def test_a_delivery_that_failed_is_counted_and_its_number_opens_it(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan, other = (chasing.lending.loan_at(LoanState.ALLOCATED) for _ in range(2))
    with chasing.database.write() as session:
        session.get_one(Loan, loan.id).attempts = 1
    coordinator = browser_as(Role.COORDINATOR)
    assert "Not delivered, and tried: 1" in coordinator.get("/chasing").text
    home = coordinator.get("/").text
    assert ("1 not delivered, and tried" in home, 'href="/loans?tried=yes"' in home) == (True, True)
    page = coordinator.get("/loans?tried=yes").text
    assert (f'href="/loans/{loan.id}"' in page, f'href="/loans/{other.id}"' in page) == (True, False)


@ON_SQLITE
def test_the_page_leads_to_each_part_and_back_to_where_one_was(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan, following = chasing.loan(DUE), chasing.loan(DUE)
    chasing.at(date(2026, 7, 2))
    answered(chasing, following)
    chasing.tick()
    coordinator = browser_as(Role.COORDINATOR)
    page = coordinator.get("/chasing?show=late").text
    assert "Answered, and nobody has read it: 1" in page
    assert "/chasing?show=late&amp;stage=2" in page
    asked = {"reason": "no_answer", "show": "late", "page": "1", "at": str(following.id)}
    after = coordinator.submit(f"/chasing/loans/{loan.id}/calls", asked)
    assert after.headers["location"] == f"/chasing?show=late&page=1&at={following.id}"
    focused = coordinator.get(after.headers["location"]).text
    assert f'href="/loans/{following.id}" data-open autofocus' in focused
    stray = coordinator.submit(f"/chasing/loans/{loan.id}/calls", {**asked, "show": "//elsewhere.example", "at": "x y"})
    assert stray.headers["location"] == "/chasing?page=1"


@ON_SQLITE
def test_nobody_is_asked_to_ring_somebody_who_is_left_in_peace(
    chasing: Chasing, browser_as: Callable[..., Browser]
) -> None:
    loan = chasing.loan(DUE, by=ContactBy.CALL)
    chasing.at(date(2026, 7, 6))
    chasing.tick()
    coordinator = browser_as(Role.COORDINATOR)
    asked = "Ring, and ask how they are getting on"
    assert asked in coordinator.get("/chasing").text
    chasing.hold(loan, HoldReason.AWAY, until=date(2026, 7, 30))
    page = coordinator.get("/chasing").text
    assert (f"/loans/{loan.id}" in page, asked in page) == (True, False)


@ON_SQLITE
def test_late_and_on_no_step_yet_is_said_in_words(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    chasing.loan(DUE)
    chasing.at(date(2026, 7, 10))
    page = browser_as(Role.COORDINATOR).get("/chasing").text
    assert ("no step yet: 1" in page, "stage 0" in page) == (True, False)


@ON_SQLITE
def test_every_part_opens_while_it_is_empty(chasing: Chasing, browser_as: Callable[..., Browser]) -> None:
    coordinator = browser_as(Role.COORDINATOR)
    for show in Show:
        assert "Nobody is due within a week" in coordinator.get(f"/chasing?show={show.value}").text
