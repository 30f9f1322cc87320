"""When a job is tried again, when it is given up, and what its row then tells a person (and what it never tells)."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from datetime import timedelta

import pytest

from fleet.database.session import Database
from fleet.jobs import queries
from fleet.jobs.models import Job
from fleet.jobs.rules import MAX_ATTEMPTS, WORKER_DIED, JobState
from fleet.jobs.service import Handler, JobContext, JobFailed, TryAgain, ask_again, enqueue, run_job, sweep
from tests.people import FakeClock

LEASE = timedelta(seconds=60)
MARKED = "Marked Person"


@pytest.fixture
def job_id(database: Database, clock: FakeClock) -> int:
    with database.write() as session:
        return enqueue(session, "test.work", key="k", now=clock()).id


@pytest.fixture
def do(database: Database, clock: FakeClock, job_id: int) -> Callable[[Handler], JobState | None]:
    """Let a worker do the job, five minutes later than the last one."""

    def work(handler: Handler) -> JobState | None:
        clock.advance(minutes=5)
        known = {"test.work": handler}
        return run_job(
            job_id, database=database, clock=clock, handlers=known, holder="w", lease=LEASE, nudge=lambda _: None
        )

    return work


def row(database: Database, job_id: int) -> Job:
    with database.read() as session:
        job = session.get(Job, job_id)
        assert job is not None
        return job


def fails(_context: JobContext) -> None:
    raise ValueError(MARKED)


def cannot_go_on(_context: JobContext) -> None:
    raise TryAgain(timedelta(seconds=10), "waiting for hands")


def test_waiting_is_no_attempt_however_often(
    database: Database, job_id: int, do: Callable[[Handler], JobState | None]
) -> None:
    for _ in range(MAX_ATTEMPTS + 2):
        assert do(cannot_go_on) is JobState.QUEUED
    for attempt in range(1, MAX_ATTEMPTS):
        with pytest.raises(JobFailed):
            do(fails)
        assert do(cannot_go_on) is JobState.QUEUED
        assert row(database, job_id).attempts == attempt
    with pytest.raises(JobFailed):
        do(fails)
    assert row(database, job_id).state is JobState.FAILED


def worker_dies(database: Database, clock: FakeClock, job_id: int) -> bool:
    """A worker takes the job and is never heard of again; whether it got it."""
    with database.write() as session:
        taken = queries.claim(session, job_id, holder="dead", now=clock(), lease=LEASE)
    clock.advance(minutes=5)
    return taken is not None


def test_a_job_that_kills_its_worker_every_time_is_given_up_with_a_sentence(
    database: Database, clock: FakeClock, job_id: int
) -> None:
    nudged: list[int] = []
    for _ in range(MAX_ATTEMPTS):
        assert sweep(database, now=clock(), nudge=nudged.append) == 1
        assert worker_dies(database, clock, job_id)
    assert not worker_dies(database, clock, job_id)
    assert sweep(database, now=clock(), nudge=nudged.append) == 0
    assert nudged == [job_id] * MAX_ATTEMPTS
    job = row(database, job_id)
    assert (job.state, job.error, job.finished_at) == (JobState.FAILED, WORKER_DIED, clock())


def test_the_last_attempt_may_take_as_long_as_its_worker_lives(
    database: Database, clock: FakeClock, job_id: int, do: Callable[[Handler], JobState | None]
) -> None:
    for _ in range(MAX_ATTEMPTS - 1):
        worker_dies(database, clock, job_id)

    def meanwhile(_context: JobContext) -> None:
        sweep(database, now=clock(), nudge=lambda _: None)

    assert do(meanwhile) is JobState.DONE


def test_what_was_given_up_can_be_asked_for_again_and_nothing_else_can(
    database: Database, clock: FakeClock, job_id: int, do: Callable[[Handler], JobState | None]
) -> None:
    def ask() -> bool:
        with database.write() as session:
            return ask_again(session, "k", now=clock())

    assert not ask()
    for _ in range(MAX_ATTEMPTS):
        worker_dies(database, clock, job_id)
    sweep(database, now=clock(), nudge=lambda _: None)
    assert ask()
    assert (row(database, job_id).attempts, row(database, job_id).error) == (0, None)
    assert sweep(database, now=clock(), nudge=lambda _: None) == 1
    assert do(lambda _: None) is JobState.DONE
    assert not ask()
    assert row(database, job_id).state is JobState.DONE


def test_a_databases_own_words_reach_neither_the_row_nor_the_log(
    database: Database, clock: FakeClock, job_id: int, do: Callable[[Handler], JobState | None]
) -> None:
    with database.write() as session:
        enqueue(session, "test.work", key=MARKED, now=clock())
    said: list[str] = []

    def breaks_a_rule(context: JobContext) -> None:
        try:
            with context.write() as session:
                session.add(Job(kind="test.work", key=MARKED, args={}, run_after=clock(), created_at=clock()))
        except Exception as error:
            said.append(str(error))
            raise

    with pytest.raises(JobFailed) as failed:
        do(breaks_a_rule)
    assert database.is_sqlite or MARKED in said[0]
    kept = row(database, job_id).error or ""
    assert kept.startswith("IntegrityError at ")
    logged = "".join(traceback.format_exception(failed.value))
    assert "breaks_a_rule" in logged
    for text in (kept, logged):
        assert "Marked" not in text.replace("MARKED", "")
