"""The job that goes on with erasures: whoever came back is erased again, and what waited is tried once more."""

from __future__ import annotations

from datetime import timedelta

from fleet.happening import Happening
from fleet.jobs.service import Handler, JobContext, enqueue
from fleet.logs import get_logger
from fleet.privacy import queries
from fleet.privacy.service.erasing import go_on, lock
from fleet.privacy.service.replaying import replay
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

ERASE_JOB = "privacy.erase"
PATIENCE_SECONDS = 2.0
"""How long one job tries to empty SQLite's log: what begins at the same full hour has read and written by then."""
AGAIN_AFTER = timedelta(minutes=5)

log = get_logger(__name__)


def erase_handler(settings: Settings) -> Handler:
    """What does `privacy.erase` jobs."""

    def try_each(context: JobContext) -> None:
        """Tries each erasure again that waits for something, and does it once nothing of the person's is open. Whoever
        came back with a backup while everything was running goes first. Then nothing that was erased in the last hour
        stands in SQLite's log any more; where somebody read or wrote all the while, it is asked for again in some
        minutes."""
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
        if not context.database.write_back(patience=PATIENCE_SECONDS):
            _ask_again(context)

    return try_each


def _ask_again(context: JobContext) -> None:
    """Ask for the job once more, once for all who ask in the same minutes."""
    now = context.clock()
    log.warning("sqlite_log_not_emptied", again_in=str(AGAIN_AFTER))
    with context.write() as session:
        slot = int((now + AGAIN_AFTER).timestamp() // AGAIN_AFTER.total_seconds())
        enqueue(session, ERASE_JOB, key=f"{ERASE_JOB}@again-{slot}", now=now, after=AGAIN_AFTER)
