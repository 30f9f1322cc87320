"""A real worker process on a real queue in a folder: killed, never nudged, told to stop; no job is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from fleet.clock import utc_now
from fleet.database.session import Database
from fleet.jobs.broker import celery_app
from fleet.jobs.models import Job
from fleet.jobs.nudge import nudge_through
from fleet.jobs.rules import JobState
from fleet.jobs.service import enqueue
from fleet.settings import Settings

PATIENCE_SECONDS = 60


@pytest.fixture
def start_worker(settings: Settings) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
    environment = os.environ | {
        "DOORSTEP_DATA_DIR": str(settings.data_dir),
        "DOORSTEP_DATABASE_URL": settings.database_url,
        "DOORSTEP_LEASE_SECONDS": "5",
        "DOORSTEP_SWEEP_SECONDS": "0.5",
    }
    started: list[subprocess.Popen[bytes]] = []

    def start() -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen([sys.executable, "-m", "tests.workers.counting_worker"], env=environment))
        return started[-1]

    yield start
    for worker in started:
        worker.kill()
        worker.wait()


def ask(database: Database, settings: Settings, diary: Path, *, count: int, nudged: bool, seconds: float) -> None:
    nudge = nudge_through(celery_app(settings))
    with database.write() as session:
        if nudged:
            session.info["nudge"] = nudge
        for number in range(count):
            args = {"diary": str(diary), "seconds": seconds}
            enqueue(session, "test.count", key=f"{nudged} {number}", now=utc_now(), args=args)


def done(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).where(Job.state == JobState.DONE)) or 0


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        time.sleep(0.05)


def test_jobs_survive_lost_nudges_and_a_worker_killed_in_the_middle(
    database: Database, settings: Settings, tmp_path: Path, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    diary = tmp_path / "diary"
    diary.touch()
    ask(database, settings, diary, count=6, nudged=True, seconds=0.4)
    ask(database, settings, diary, count=2, nudged=False, seconds=0.0)
    worker = start_worker()
    wait_for(lambda: "begun" in diary.read_text())
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    assert done(database) < 8
    start_worker()
    wait_for(lambda: done(database) == 8)
    assert {line.split()[1] for line in diary.read_text().splitlines() if line.startswith("done")} == {
        str(number) for number in range(1, 9)
    }


def test_a_worker_told_to_stop_ends_what_it_is_doing_first(
    database: Database, settings: Settings, tmp_path: Path, start_worker: Callable[[], subprocess.Popen[bytes]]
) -> None:
    diary = tmp_path / "diary"
    diary.touch()
    worker = start_worker()
    ask(database, settings, diary, count=1, nudged=True, seconds=1.0)
    wait_for(lambda: "begun" in diary.read_text())
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(timeout=PATIENCE_SECONDS) == 0
    assert "done" in diary.read_text()
    assert done(database) == 1


def test_a_message_in_the_folder_is_seen_whole_or_not_at_all(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    nudge = nudge_through(celery_app(settings))
    queue, told = tmp_path / "broker" / "queue", 300
    seen: set[Path] = set()

    def send() -> None:
        for number in range(told):
            nudge(number)

    sender = threading.Thread(target=send)
    sender.start()
    while len(seen) < told:
        assert sender.is_alive() or len(list(queue.glob("*.msg"))) == told
        for found in queue.glob("*.msg"):
            if found not in seen:
                json.loads(found.read_text())
                seen.add(found)
    sender.join()
