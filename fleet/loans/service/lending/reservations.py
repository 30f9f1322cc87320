"""Tablets kept for a loan that never goes out are given back to stock: somebody else is waiting for one."""

from __future__ import annotations

from datetime import timedelta

from fleet.errors import DoorstepError
from fleet.happening import Happening
from fleet.jobs.service import Handler, JobContext
from fleet.loans import queries
from fleet.loans.service.requests.deciding import undo_allocation
from fleet.logs import get_logger
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

RESERVATIONS_JOB = "loans.reservations"
log = get_logger(__name__)


def reservations_handler(settings: Settings) -> Handler:
    """The job that releases every reservation older than the settings allow, each in a transaction of its own."""

    def release(context: JobContext) -> None:
        """Gives tablets back to stock that were kept for a loan and not packed within the days the settings name."""
        old = context.clock() - timedelta(days=settings.reservation_days)
        with context.database.read() as session:
            waiting = queries.reservations_made_before(session, old)
        for loan_id in waiting:
            _release(context, loan_id, settings)

    return release


def _release(context: JobContext, loan_id: int, settings: Settings) -> None:
    reason = f"Not packed within {settings.reservation_days} days of the allocation."
    happening = Happening(now=context.clock(), source="schedule", reason=reason)
    try:
        with context.write() as session:
            undo_allocation(session, loan_id, actor=SYSTEM, settings=settings, happening=happening)
    except DoorstepError as refused:
        log.info("reservation_kept", loan=loan_id, code=refused.code)
