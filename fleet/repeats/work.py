"""The job `repeats.forget`: keys of more than a day ago and their answers go."""

from __future__ import annotations

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
