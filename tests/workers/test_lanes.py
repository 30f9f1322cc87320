"""A bench's own worker, a real process on a real queue: it takes its bench's jobs, and nobody else does meanwhile."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleet.clock import utc_now
from fleet.database.session import Database
from fleet.jobs import queries
from fleet.jobs.broker import celery_app
from fleet.jobs.nudge import nudge_through
from fleet.jobs.service import enqueue, reserve_lane, worker_of_lane
from fleet.settings import Settings

LANE = "bench.bench-1.1"
PATIENCE_SECONDS = 60
Start = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def start_worker(settings: Settings) -> Iterator[Start]:
    environment = os.environ | {
        "DOORSTEP_DATA_DIR": str(settings.data_dir),
        "DOORSTEP_DATABASE_URL": settings.database_url,
        "DOORSTEP_SWEEP_SECONDS": "0.5",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(lane: str) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-m", "tests.workers.lane_worker", lane], env=environment))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


@pytest.fixture
def ask(database: Database, settings: Settings, tmp_path: Path) -> Callable[[str, str], Path]:
    """Ask for a job of a lane; gives the diary it writes in."""
    diary = tmp_path / "diary"
    diary.touch()

    def asked(name: str, lane: str) -> Path:
        with database.write() as session:
            session.info["nudge"] = nudge_through(celery_app(settings))
            args = {"diary": str(diary), "name": name}
            enqueue(session, "test.note", key=name, now=utc_now(), args=args, lane=lane)
        return diary

    return asked


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.05)


def alive(database: Database) -> bool:
    with database.read() as session:
        return bool(worker_of_lane(session, LANE, now=utc_now()))


def test_a_bench_s_own_worker_takes_its_jobs_and_gives_them_back_when_it_ends(
    database: Database, start_worker: Start, ask: Callable[[str, str], Path]
) -> None:
    own = start_worker(LANE)
    wait_for(lambda: alive(database))
    start_worker("")
    ask("everybody's", "")
    diary = ask("the bench's", LANE)
    wait_for(lambda: len(diary.read_text().splitlines()) == 2)
    assert set(diary.read_text().splitlines()) == {"everybody's by anybody", f"the bench's by {LANE}"}
    own.send_signal(signal.SIGTERM)
    assert own.wait(timeout=PATIENCE_SECONDS) == 0
    assert not alive(database)
    ask("the next", LANE)
    wait_for(lambda: "the next by anybody" in diary.read_text())


def test_jobs_of_a_reserved_lane_wait_for_its_worker(
    database: Database, start_worker: Start, ask: Callable[[str, str], Path]
) -> None:
    with database.write() as session:
        reserve_lane(session, LANE, reserved=True)
    diary = ask("waits", LANE)
    start_worker("")
    ask("goes", "")
    wait_for(lambda: "goes by anybody" in diary.read_text())
    with database.read() as session:
        job = queries.job_by_key(session, "waits")
        assert job is not None
        assert job.state == "queued"
    start_worker(LANE)
    wait_for(lambda: f"waits by {LANE}" in diary.read_text())
