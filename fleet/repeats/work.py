"""What is forgotten: keys of more than a day ago by the job `repeats.forget`, every answer once somebody is erased."""

from __future__ import annotations

from sqlalchemy.orm import Session

from fleet.jobs.service import Handler, JobContext
from fleet.repeats import queries
from fleet.repeats.rules import KEPT_FOR

FORGET_JOB = "repeats.forget"


def forget_handler() -> Handler:
    """What does `repeats.forget` jobs."""

    def handle(context: JobContext) -> None:
        """Forget the keys of more than a day ago."""
        with context.write() as session:
            queries.forget(session, before=context.clock() - KEPT_FOR)

    return handle


def empty_kept_answers(session: Session) -> None:
    """Give no answer of the last day again: somebody is erased, and only whoever has its key can tell which tell of
    them. A request that is repeated is told that it was done."""
    queries.empty_all(session)
