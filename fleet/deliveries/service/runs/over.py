"""Visits that follow their loan: what it asks for no longer, because it ended, was stopped or was settled at the hub,
leaves its run; what the hub has back itself is closed on a run that is over; a delivery whose hand-over was taken back
is made once more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from fleet.deliveries import queries
from fleet.deliveries.rules import JobState, RunState
from fleet.deliveries.service.runs.ending import close_as_back, hub_has_it
from fleet.deliveries.service.runs.giving import on_board
from fleet.deliveries.service.runs.stops import kind_asked, take_off
from fleet.deliveries.service.taken_back import make_once_more
from fleet.deliveries.service.writer import lock_run, note
from fleet.happening import Happening
from fleet.jobs.service import Handler, JobContext
from fleet.loans import service as loans
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

_NOT_BEGUN = (JobState.PLANNED, JobState.OFFERED, JobState.ACCEPTED)


def visits_over_handler(settings: Settings) -> Handler:
    """What does `deliveries.visits_over` jobs."""

    def follow(context: JobContext) -> None:
        """Puts a visit of which a hand-over or a collection was taken back where it was before; takes one off its run
        where nobody waits for it any more and no courier has begun it; and closes one of a finished run, which no
        phone shows any more, once the hub has scanned in what was on board."""
        loan_id = int(context.args["loan_id"])
        with context.write() as session:
            _make_once_more(session, loan_id, settings, context.clock())
        with context.write() as session:
            _call_off(session, loan_id, settings, context.clock())
        with context.write() as session:
            _close_what_is_back(session, loan_id, context.clock())

    return follow


def _call_off(session: Session, loan_id: int, settings: Settings, now: datetime) -> None:
    visit = queries.open_job_of_loan(session, loan_id)
    loan = loans.get_loan(session, loan_id)
    asked = kind_asked(loan) if loan.stopped_at is None else None
    if visit is None or visit.state not in _NOT_BEGUN or asked is visit.kind:
        return
    told = Happening(now=now, source="schedule", reason="The loan asks for it no longer.")
    take_off(session, visit.id, actor=SYSTEM, settings=settings, happening=told)


def _close_what_is_back(session: Session, loan_id: int, now: datetime) -> None:
    visit = queries.open_job_of_loan(session, loan_id)
    if visit is None:
        return
    run = lock_run(session, visit.run_id)
    queries.jobs_locked(session, [run.id])
    if run.state is not RunState.DONE or not on_board(visit) or not hub_has_it(session, visit):
        return
    close_as_back(session, visit, now=now)
    words, told = f"Stop {visit.sequence}: the hub has its tablet back", Happening(now=now, source="schedule")
    note(session, run.id, kind="back_at_hub", words=words, actor=SYSTEM, happening=told, job_id=visit.id)


def _make_once_more(session: Session, loan_id: int, settings: Settings, now: datetime) -> None:
    visited = queries.last_visit(session, loan_id)
    if visited is not None:
        lock_run(session, visited.run_id)
        queries.jobs_locked(session, [visited.run_id])
        make_once_more(session, visited, loans.get_loan(session, loan_id), settings=settings, now=now)
