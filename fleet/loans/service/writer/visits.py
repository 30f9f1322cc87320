"""Visits to a door that a loan asks for no longer: the runs' room is told by a job, because it knows loans and not the
other way round."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.jobs.service import enqueue
from fleet.loans.models import Loan

VISITS_JOB = "deliveries.visits_over"


def call_visits_off(session: Session, loan: Loan, *, happening: Happening) -> None:
    """Have the visits that this loan asks for no longer taken off their runs, where no courier has begun them."""
    key = f"{VISITS_JOB}.{loan.id}.{happening.now.isoformat()}"
    enqueue(session, VISITS_JOB, key=key, now=happening.now, args={"loan_id": loan.id})
