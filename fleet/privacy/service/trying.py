"""The job that goes on with erasures: whoever came back is erased again, and what waited is tried once more."""

from __future__ import annotations

from fleet.happening import Happening
from fleet.jobs.service import Handler, JobContext
from fleet.logs import get_logger
from fleet.privacy import queries
from fleet.privacy.service.erasing import go_on, lock
from fleet.privacy.service.replaying import replay
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

ERASE_JOB = "privacy.erase"

log = get_logger(__name__)


def erase_handler(settings: Settings) -> Handler:
    """What does `privacy.erase` jobs."""

    def try_each(context: JobContext) -> None:
        """Tries each erasure again that waits for something, and does it once nothing of the person's is open. Whoever
        came back with a backup while everything was running goes first. Then nothing that was erased in the last hour
        stands in SQLite's log any more."""
        replay(context.database, settings, context.clock)
        with context.database.read() as session:
            waiting = queries.waiting_person_ids(session)
        done = 0
        for person_id in waiting:
            with context.write() as session:
                person = lock(session, person_id)
                told = Happening(now=context.clock(), source="system")
                went = go_on(session, person, actor=SYSTEM, settings=settings, happening=told)
                done += went.erasure is not None and went.erasure.done_at is not None
        if done:
            log.info("people_erased", count=done)
        context.database.write_back()

    return try_each
