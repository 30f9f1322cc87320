"""Visits to a door that follow their loan: the runs' room is told by a job, because it knows loans and not the other
way round."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.happening import Happening
from fleet.jobs.service import enqueue
from fleet.loans.models import Loan

VISITS_JOB = "deliveries.visits_over"


def visits_follow(session: Session, loan: Loan, *, happening: Happening) -> None:
    """Have the visits that this loan asks for no longer taken off their runs, where no courier has begun them; the
    one whose hand-over was taken back made once more; and what the hub has scanned in closed on a finished run."""
    key = f"{VISITS_JOB}.{loan.id}.{happening.now.isoformat()}"
    enqueue(session, VISITS_JOB, key=key, now=happening.now, args={"loan_id": loan.id})
