"""A scan and a coordinator at the same moment, on PostgreSQL: there no reader waits (SQLite has one writer)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from fleet.database.session import Database
from fleet.deliveries import service
from fleet.deliveries.rules import Action, Answer, JobState
from tests.delivering import Delivering

PATIENCE_SECONDS = 30


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("named", [True, False], ids=["the run is named", "the run of the day"])
def test_a_scan_that_meets_a_reassignment_does_not_count_for_the_former_courier(
    delivering: Delivering, named: bool
) -> None:
    former, next_one = delivering.courier, delivering.another_courier()
    run = delivering.run(former)
    job = delivering.delivery(run)
    fact = delivering.fact(Action.LOAD, job)
    database, happening = delivering.lending.database, delivering.lending.happening()
    planner = delivering.planner
    assert next_one.user_id is not None
    with ThreadPoolExecutor(1) as phone:
        with database.write() as session:
            service.assign_run(session, run.id, courier_id=next_one.user_id, actor=planner, happening=happening)
            telling = phone.submit(delivering.tell_one, fact if named else replace(fact, run=None), former)
            wait_until(lambda: somebody_waits_for_a_lock(database))
        answer = telling.result(PATIENCE_SECONDS)
    assert (answer.answer, answer.reason, answer.job_id) == (Answer.CONFLICT, "no_run", None)
    assert delivering.again(job).state is JobState.OFFERED
    (scan,) = delivering.scans()
    assert (scan.counts, scan.needs_review, scan.run_id) == (False, True, run.id)


def somebody_waits_for_a_lock(database: Database) -> bool:
    with database.read() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline, pause = time.monotonic() + PATIENCE_SECONDS, threading.Event()
    while not condition():
        assert time.monotonic() < deadline, "the scan did not wait for the run"
        pause.wait(0.01)
