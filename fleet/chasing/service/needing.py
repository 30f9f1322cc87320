"""Which loans the next cohort waits for: those whose tablet, given back on its day, would be ready before it begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache

from sqlalchemy.orm import Session

from fleet.chasing import queries
from fleet.chasing.queries import Running
from fleet.cohorts import service as cohorts


def needed_by_cohorts(session: Session, running: Sequence[Running], today: date) -> Mapping[int, tuple[date, str]]:
    """loan -> when the next cohort of its programme starts, and its name; without those that would come too late, as
    the readiness forecast counts them. What is late counts as given back today."""
    coming = queries.next_cohorts(session, today)
    waited_for = [loan for loan in running if loan.programme_id in coming]
    calendars = cohorts.calendars(session, {loan.hub_id for loan in waited_for})

    @cache
    def ready(hub_id: int, back: date, turnaround: int) -> date:
        return calendars[hub_id].ready_again(back, turnaround)

    return {
        loan.loan_id: coming[loan.programme_id]
        for loan in waited_for
        if ready(loan.hub_id, max(loan.due_on, today), loan.turnaround_days) <= coming[loan.programme_id][0]
    }
