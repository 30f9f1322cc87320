"""The job row is the truth: sent only after the commit, never lost, never done twice at once."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from fleet.database.session import Database
from fleet.errors import NotReady
from fleet.jobs import queries
from fleet.jobs.models import Job
from fleet.jobs.rules import MAX_ATTEMPTS, JobState
from fleet.jobs.service import Handler, JobContext, JobFailed, TryAgain, enqueue, run_job, sweep
from tests.people import FakeClock

LEASE = timedelta(seconds=60)


def ask(
    database: Database, clock: FakeClock, nudged: list[int], *, key: str = "k", after: timedelta | None = None
) -> int:
    with database.write() as session:
        session.info["nudge"] = nudged.append
        return enqueue(session, "test.count", key=key, now=clock(), after=after).id


def do(
    database: Database, clock: FakeClock, job_id: int, handler: Handler, *, holder: str = "worker one"
) -> JobState | None:
    known: Mapping[str, Handler] = {"test.count": handler}
    return run_job(
        job_id, database=database, clock=clock, handlers=known, holder=holder, lease=LEASE, nudge=lambda _: None
    )


def state_of(database: Database, job_id: int) -> JobState:
    with database.read() as session:
        job = session.get(Job, job_id)
        assert job is not None
        return job.state


def test_the_nudge_leaves_after_the_commit_and_not_before(database: Database, clock: FakeClock) -> None:
    nudged: list[int] = []
    with database.write() as session:
        session.info["nudge"] = nudged.append
        job = enqueue(session, "test.count", key="one", now=clock())
        assert nudged == []
    assert nudged == [job.id]


def test_a_rolled_back_transaction_nudges_nobody(database: Database, clock: FakeClock) -> None:
    nudged: list[int] = []

    def ask_and_break(session: Session) -> None:
        session.info["nudge"] = nudged.append
        enqueue(session, "test.count", key="one", now=clock())
        raise RuntimeError("no")

    with pytest.raises(RuntimeError), database.write() as session:
        ask_and_break(session)
    assert nudged == []


def test_savepoints_neither_lose_a_nudge_nor_send_it_early(database: Database, clock: FakeClock) -> None:
    nudged: list[int] = []
    with database.write() as session:
        session.info["nudge"] = nudged.append
        first = enqueue(session, "test.count", key="first", now=clock())
        with session.begin_nested():
            second = enqueue(session, "test.count", key="second", now=clock())
        assert nudged == []
        with pytest.raises(RuntimeError), session.begin_nested():
            raise RuntimeError("this savepoint is rolled back")
    assert nudged == [first.id, second.id]


def test_asking_twice_with_one_key_is_asking_once(database: Database, clock: FakeClock) -> None:
    nudged: list[int] = []
    assert ask(database, clock, nudged) == ask(database, clock, nudged)
    assert len(nudged) == 1


def test_a_message_that_arrives_twice_does_the_work_once(database: Database, clock: FakeClock) -> None:
    done: list[int] = []
    job_id = ask(database, clock, [])
    assert do(database, clock, job_id, lambda context: done.append(context.job_id)) is JobState.DONE
    assert do(database, clock, job_id, lambda context: done.append(context.job_id)) is None
    assert done == [job_id]


def test_two_workers_at_once_and_one_does_it(database: Database, clock: FakeClock) -> None:
    job_id = ask(database, clock, [])
    inside, go_on = threading.Event(), threading.Event()

    def slow(_context: JobContext) -> None:
        inside.set()
        go_on.wait(10)

    first = threading.Thread(target=do, args=(database, clock, job_id, slow))
    first.start()
    assert inside.wait(10)
    assert do(database, clock, job_id, slow, holder="worker two") is None
    go_on.set()
    first.join()
    assert state_of(database, job_id) is JobState.DONE


def test_a_job_whose_worker_died_is_given_to_the_next(database: Database, clock: FakeClock) -> None:
    job_id = ask(database, clock, [])
    with database.write() as session:
        queries.claim(session, job_id, holder="dead worker", now=clock(), lease=LEASE)
    assert do(database, clock, job_id, lambda _: None) is None
    clock.advance(seconds=61)
    found: list[int] = []
    assert sweep(database, now=clock(), nudge=found.append) == 1
    assert do(database, clock, found[0], lambda _: None) is JobState.DONE


def test_a_nudge_that_was_lost_is_sent_again(database: Database, clock: FakeClock) -> None:
    job_id = ask(database, clock, [])
    found: list[int] = []
    assert sweep(database, now=clock(), nudge=found.append) == 1
    assert sweep(database, now=clock(), nudge=found.append) == 0
    clock.advance(seconds=16)
    assert sweep(database, now=clock(), nudge=found.append) == 1
    assert found == [job_id, job_id]


def test_a_job_for_later_waits_until_then(database: Database, clock: FakeClock) -> None:
    job_id = ask(database, clock, [], after=timedelta(minutes=5))
    assert sweep(database, now=clock(), nudge=lambda _: None) == 0
    assert do(database, clock, job_id, lambda _: None) is None
    clock.advance(minutes=6)
    assert sweep(database, now=clock(), nudge=lambda _: None) == 1
    assert do(database, clock, job_id, lambda _: None) is JobState.DONE


def test_a_handler_that_cannot_go_on_yet_is_called_again_later(database: Database, clock: FakeClock) -> None:
    job_id = ask(database, clock, [])

    def not_yet(_context: JobContext) -> None:
        raise TryAgain(timedelta(seconds=10), "waiting for hands")

    assert do(database, clock, job_id, not_yet) is JobState.QUEUED
    assert do(database, clock, job_id, lambda _: None) is None
    clock.advance(seconds=11)
    assert do(database, clock, job_id, lambda _: None) is JobState.DONE


def test_failures_are_tried_again_and_then_kept_for_somebody_to_see(database: Database, clock: FakeClock) -> None:
    job_id = ask(database, clock, [])

    def fails(_context: JobContext) -> None:
        raise NotReady("The printer is out of paper.")

    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(JobFailed):
            do(database, clock, job_id, fails)
        clock.advance(minutes=5)
    assert state_of(database, job_id) is JobState.FAILED
    with database.read() as session:
        assert "out of paper" in (queries.failed_jobs(session)[0].error or "")


def test_a_cancelled_job_is_not_begun(database: Database, clock: FakeClock) -> None:
    job_id = ask(database, clock, [])
    with database.write() as session:
        job = session.get(Job, job_id)
        assert job is not None
        job.cancel_requested = True
    assert do(database, clock, job_id, lambda _: pytest.fail("it began")) is JobState.CANCELLED


def test_a_kind_that_nobody_handles_fails_in_words(database: Database, clock: FakeClock) -> None:
    job_id = ask(database, clock, [])
    nothing: Mapping[str, Handler] = {}
    run_job(job_id, database=database, clock=clock, handlers=nothing, holder="w", lease=LEASE, nudge=lambda _: None)
    with database.read() as session:
        assert "No handler is known for test.count" in (queries.failed_jobs(session)[0].error or "")


def test_a_lease_is_renewed_again_after_the_database_did_not_answer_once(
    database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id, renewed, asked, renew = ask(database, clock, []), threading.Event(), [], queries.renew

    def fails_once(*args: Any, **options: Any) -> bool:
        asked.append(args)
        if len(asked) == 1:
            raise OperationalError("UPDATE job", {}, Exception("away"))
        still_ours = renew(*args, **options)
        renewed.set()
        return still_ours

    def waits(context: JobContext) -> None:
        assert renewed.wait(10)
        assert not context.lease_lost.is_set()

    monkeypatch.setattr(queries, "renew", fails_once)
    short = timedelta(milliseconds=60)
    known: Mapping[str, Handler] = {"test.count": waits}
    ended = run_job(
        job_id, database=database, clock=clock, handlers=known, holder="w", lease=short, nudge=lambda _: None
    )
    assert ended is JobState.DONE
