"""Visits that a loan asks for no longer, because it ended, was stopped or was settled at the hub, leave their runs."""

from __future__ import annotations

from fleet.deliveries import queries
from fleet.deliveries.rules import JobState
from fleet.deliveries.service.runs.stops import kind_asked, take_off
from fleet.happening import Happening
from fleet.jobs.service import Handler, JobContext
from fleet.loans import service as loans
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

_NOT_BEGUN = (JobState.PLANNED, JobState.OFFERED, JobState.ACCEPTED)


def visits_over_handler(settings: Settings) -> Handler:
    """What does `deliveries.visits_over` jobs."""

    def call_off(context: JobContext) -> None:
        """Takes a loan's visit off its run where nobody waits for it any more and no courier has begun it."""
        loan_id = int(context.args["loan_id"])
        with context.write() as session:
            visit = queries.open_job_of_loan(session, loan_id)
            loan = loans.get_loan(session, loan_id)
            asked = kind_asked(loan) if loan.stopped_at is None else None
            if visit is None or visit.state not in _NOT_BEGUN or asked is visit.kind:
                return
            told = Happening(now=context.clock(), source="schedule", reason="The loan asks for it no longer.")
            take_off(session, visit.id, actor=SYSTEM, settings=settings, happening=told)

    return call_off
