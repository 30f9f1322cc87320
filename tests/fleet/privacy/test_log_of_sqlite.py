"""Whoever was erased stands in SQLite's log no longer, though others read and write at the full hour (rule R30)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, text

from fleet.jobs.models import Job
from fleet.jobs.rules import JobState
from fleet.jobs.service import enqueue, run_job
from fleet.privacy.service import ERASE_JOB
from fleet.privacy.service.trying import AGAIN_AFTER
from tests.fixtures.databases import ON_SQLITE
from tests.fleet.privacy.conftest import Erase
from tests.lending import Lending
from workers.handlers import handlers
from workers.schedule import ask_for_due_jobs

pytestmark = ON_SQLITE
SECRET = b"Quillfeather"


def somebody_was_erased(lending: Lending, erase: Erase) -> None:
    person = lending.person(first_name="Zebedee", last_name=SECRET.decode())
    erase(person.id)
    assert is_told_of(lending)


def is_told_of(lending: Lending) -> bool:
    file = Path(str(lending.database.engine.url.database))
    return SECRET in file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()


def do_what_is_due(lending: Lending) -> None:
    """All that the clock asks for, at once, as a worker's threads do it."""
    with lending.database.read() as session:
        due = session.scalars(select(Job.id).where(Job.state == JobState.QUEUED, Job.run_after <= lending.clock()))
        numbers = due.all()

    def do(number: int) -> JobState | None:
        return run_job(
            number,
            database=lending.database,
            clock=lending.clock,
            handlers=handlers(lending.settings),
            holder=f"worker {number}",
            lease=timedelta(seconds=60),
            nudge=lambda _: None,
        )

    with ThreadPoolExecutor(len(numbers)) as threads:
        assert set(threads.map(do, numbers)) == {JobState.DONE}


@contextmanager
def reading(lending: Lending) -> Iterator[None]:
    """Somebody looks at a page that takes very long."""
    with lending.database.read() as session:
        session.execute(text("SELECT count(*) FROM person")).all()
        yield


def test_nothing_is_left_though_all_jobs_of_the_hour_begin_at_once(lending: Lending, erase: Erase) -> None:
    somebody_was_erased(lending, erase)
    with lending.database.write() as session:
        ask_for_due_jobs(session, lending.clock())
    do_what_is_due(lending)
    assert not is_told_of(lending)


def test_a_page_that_is_read_meanwhile_is_waited_for_and_nobody_who_writes_is(lending: Lending, erase: Erase) -> None:
    somebody_was_erased(lending, erase)
    with lending.database.write() as session:
        enqueue(session, ERASE_JOB, key="now", now=lending.clock())
    with reading(lending):
        worker = threading.Thread(target=do_what_is_due, args=(lending,))
        worker.start()
        worker.join(0.5)
        assert worker.is_alive()
        lending.person()
    worker.join()
    assert not is_told_of(lending)


def test_where_somebody_reads_all_the_while_it_is_asked_for_again_until_it_is_done(
    lending: Lending, erase: Erase
) -> None:
    somebody_was_erased(lending, erase)
    with lending.database.write() as session:
        enqueue(session, ERASE_JOB, key="now", now=lending.clock())
    with reading(lending):
        do_what_is_due(lending)
        assert is_told_of(lending)
        lending.clock.advance(seconds=AGAIN_AFTER.total_seconds())
        do_what_is_due(lending)
    assert is_told_of(lending)
    lending.clock.advance(seconds=AGAIN_AFTER.total_seconds())
    do_what_is_due(lending)
    assert not is_told_of(lending)
    with lending.database.read() as session:
        assert session.scalars(select(Job.id).where(Job.state == JobState.QUEUED)).all() == []
