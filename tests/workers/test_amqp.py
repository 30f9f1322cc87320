"""The queue is a real RabbitMQ, the web a real request on PostgreSQL, and the workers are the real commands."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from fleet.app import furnish
from fleet.bench import service as bench
from fleet.bench.models import Bench
from fleet.bench.service.autopilot import WAKE_JOB
from fleet.bench.service.benches import lane_of_bench
from fleet.bench.service.errands import LOOK_JOB
from fleet.cli.check import findings
from fleet.clock import utc_now
from fleet.database.session import Database
from fleet.jobs.broker import celery_app
from fleet.jobs.models import Job
from fleet.jobs.nudge import BrokerNudge, nudge_through
from fleet.jobs.rules import JobState
from fleet.jobs.service import Nudge, enqueue, worker_of_lane
from fleet.partners.models import Organisation
from fleet.settings import Settings
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.people import Browser, FakeClock
from tests.rabbitmq import RabbitMQ

PATIENCE_SECONDS = 180
REMIND_SECONDS = 15
A_REQUEST_SECONDS = 20.0
"""The broker is given up after three; the rest is for a machine that is busy with other tests."""
EVERYBODYS, BENCH_1S = "doorstep", "bench.bench-1.1"

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def database_url(empty_postgres_url: str) -> str:
    return empty_postgres_url


@pytest.fixture
def clock() -> FakeClock:
    """Begins when the workers' clocks do: they are other processes."""
    return FakeClock(utc_now())


@pytest.fixture
def settings(settings: Settings, rabbitmq: RabbitMQ) -> Settings:
    """This installation's; the queues of the test before are gone."""
    with connected(rabbitmq) as connection:
        for queue in (EVERYBODYS, BENCH_1S):
            connection.default_channel.queue_delete(queue)
    return settings.model_copy(update={"broker_url": rabbitmq.url})


def connected(rabbitmq: RabbitMQ) -> Any:
    """A connection past everything of ours: no settings, one try."""
    return celery_app(Settings(broker_url=rabbitmq.url)).connection_for_read()


@pytest.fixture
def nudge(settings: Settings) -> Iterator[BrokerNudge]:
    made = nudge_through(celery_app(settings))
    yield made
    made.close()


@pytest.fixture
def app(routes: FastAPI, settings: Settings, database: Database, clock: FakeClock, nudge: BrokerNudge) -> FastAPI:
    furnish(routes, settings, database, nudge=nudge, clock=clock)
    return routes


@pytest.fixture
def the_bench(database: Database, hub: Organisation, actor: Callable[..., Actor], clock: FakeClock) -> Bench:
    technician = actor(Role.TECHNICIAN)
    with database.write() as session:
        made = bench.add_bench(session, name="Bench 1", actor=technician, clock=clock, hub_id=hub.id)
    assert lane_of_bench(made) == BENCH_1S
    return made


@pytest.fixture
def start(settings: Settings) -> Iterator[Start]:
    """`start(*words, sweep=…)`: a worker as `python -m` runs it, in this installation; killed at the end."""
    environment = os.environ | {
        "DOORSTEP_DATA_DIR": str(settings.data_dir),
        "DOORSTEP_DATABASE_URL": settings.database_url,
        "DOORSTEP_BROKER_URL": settings.broker_url,
        "DOORSTEP_SECRET_KEY": settings.secret_key.get_secret_value(),
        "DOORSTEP_PUBLIC_URL": settings.public_url,
        "DOORSTEP_LEASE_SECONDS": "5",
    }
    started: list[subprocess.Popen[bytes]] = []

    def begin(*words: str, sweep: float) -> subprocess.Popen[bytes]:
        own = environment | {"DOORSTEP_SWEEP_SECONDS": str(sweep)}
        started.append(subprocess.Popen([sys.executable, "-m", *words], env=own))
        return started[-1]

    yield begin
    for worker in started:
        worker.kill()
        worker.wait()


NO_SWEEP = 3600.0
"""Long enough that only a message over AMQP can have told a worker."""
SOON = 0.5


def wait_for(condition: Callable[[], bool], *, remind: Callable[[], None] = lambda: None) -> None:
    """Until the condition holds. A broker that takes seconds to confirm, as on a busy machine, costs a nudge, and no
    sweep makes up for it here: `remind` sends it again now and then."""
    deadline, again = time.monotonic() + PATIENCE_SECONDS, time.monotonic() + REMIND_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass in time"
        if time.monotonic() > again:
            remind()
            again += REMIND_SECONDS
        time.sleep(0.05)


def listens(rabbitmq: RabbitMQ, queue: str) -> bool:
    """Whether a worker takes messages from this queue."""
    with connected(rabbitmq) as connection:
        try:
            return bool(connection.default_channel.queue_declare(queue, passive=True).consumer_count)
        except connection.channel_errors:
            return False


def is_taken(database: Database, lane: str) -> bool:
    """Whether a worker has said that this lane is its own. It says so once it listens already, and until then a press
    is everybody's work."""
    with database.read() as session:
        return bool(worker_of_lane(session, lane, now=utc_now()))


def jobs(database: Database, kind: str) -> list[Job]:
    with database.read() as session:
        return list(session.scalars(select(Job).where(Job.kind == kind).order_by(Job.id)))


def tell_again(database: Database, kind: str, nudge: Nudge) -> None:
    for job in jobs(database, kind):
        nudge(job.id)


def done_by(database: Database, kind: str, *, number: int = 0) -> int | None:
    """The process that did this job; None while it is not done."""
    found = jobs(database, kind)
    if len(found) <= number or found[number].state is not JobState.DONE:
        return None
    return int(str(found[number].lease_holder).split(":")[1])


def test_a_press_reaches_the_bench_s_own_worker_and_no_other(
    database: Database,
    the_bench: Bench,
    rabbitmq: RabbitMQ,
    start: Start,
    nudge: BrokerNudge,
    browser_as: Callable[..., Browser],
) -> None:
    everybodys = start("workers", sweep=NO_SWEEP)
    own = start("fleet.cli", "worker", "--bench", the_bench.name, sweep=NO_SWEEP)
    wait_for(lambda: listens(rabbitmq, EVERYBODYS) and is_taken(database, lane_of_bench(the_bench)))
    technician = browser_as(Role.TECHNICIAN)
    assert technician.submit(f"/bench/{the_bench.id}/look").status_code == 303
    lane = nudge.to(lane_of_bench(the_bench))
    wait_for(lambda: done_by(database, LOOK_JOB) == own.pid, remind=lambda: tell_again(database, LOOK_JOB, lane))
    wait_for(
        lambda: done_by(database, WAKE_JOB) == everybodys.pid, remind=lambda: tell_again(database, WAKE_JOB, nudge)
    )

    own.send_signal(signal.SIGSTOP)
    technician.submit(f"/bench/{the_bench.id}/look")
    nudge(jobs(database, LOOK_JOB)[1].id)
    with database.write() as session:
        session.info["nudge"] = nudge
        enqueue(session, WAKE_JOB, key="after it", now=utc_now())
    wait_for(lambda: done_by(database, WAKE_JOB, number=1) == everybodys.pid)
    assert jobs(database, LOOK_JOB)[1].state is JobState.QUEUED, "told of it, the other worker leaves it alone"
    own.send_signal(signal.SIGCONT)
    wait_for(lambda: done_by(database, LOOK_JOB, number=1) == own.pid)


def test_queues_are_replicated_ones(nudge: BrokerNudge, rabbitmq: RabbitMQ) -> None:
    nudge(1)
    nudge.to(BENCH_1S)(1)
    for queue in (EVERYBODYS, BENCH_1S):
        with connected(rabbitmq) as connection, pytest.raises(connection.channel_errors, match="'quorum'"):
            connection.default_channel.queue_declare(queue, durable=True, auto_delete=False)


def test_a_job_whose_worker_is_killed_is_done_once_again(
    database: Database, nudge: BrokerNudge, start: Start, tmp_path: Path
) -> None:
    diary = tmp_path / "diary"
    diary.touch()
    with database.write() as session:
        session.info["nudge"] = nudge
        enqueue(session, "test.count", key="one", now=utc_now(), args={"diary": str(diary), "seconds": 1})
    killed = start("tests.workers.counting_worker", sweep=SOON)
    wait_for(lambda: "begun" in diary.read_text())
    killed.kill()
    killed.wait()
    second = start("tests.workers.counting_worker", sweep=SOON)
    wait_for(lambda: done_by(database, "test.count") == second.pid)
    assert diary.read_text().split("\n") == ["begun 1", "begun 1", "done 1", ""]
    assert jobs(database, "test.count")[0].attempts == 2


def test_a_press_while_the_broker_is_dead_is_answered_and_done_once_it_is_back(
    database: Database, the_bench: Bench, rabbitmq: RabbitMQ, start: Start, browser_as: Callable[..., Browser]
) -> None:
    own = start("workers", "--lane", BENCH_1S, sweep=SOON)
    wait_for(lambda: listens(rabbitmq, lane_of_bench(the_bench)))
    technician = browser_as(Role.TECHNICIAN)
    rabbitmq.stop()
    try:
        began = time.monotonic()
        assert technician.submit(f"/bench/{the_bench.id}/look").status_code == 303
        assert time.monotonic() - began < A_REQUEST_SECONDS
        assert jobs(database, LOOK_JOB)[0].state is JobState.QUEUED
    finally:
        rabbitmq.start()
    wait_for(lambda: done_by(database, LOOK_JOB) == own.pid)


def test_a_broker_that_stays_silent_is_waited_for_once_and_not_for_each_job(
    nudge: BrokerNudge, rabbitmq: RabbitMQ, settings: Settings
) -> None:
    nudge(1)
    with rabbitmq.frozen():
        began = time.monotonic()
        for job_id in range(10):
            nudge(job_id)
            nudge.to(BENCH_1S)(job_id)
        assert time.monotonic() - began < A_REQUEST_SECONDS
        assert "it is reached, but stays silent" in said_by_check(settings)
    assert said_by_check(settings) == ""


def said_by_check(settings: Settings) -> str:
    """What `doorstep check` says of the broker."""
    return " ".join(each.what for each in findings(settings) if "broker" in each.what)


@pytest.mark.parametrize(
    ("right", "wrong", "words"),
    [
        ("guest:guest", "guest:of-nobody", "refuses this user or this password"),
        ("//", "/nowhere", "may not use that virtual host, or there is none"),
        ("amqp:", "amqps:", "does not answer with TLS"),
    ],
)
def test_a_broker_that_refuses_us_is_named_and_costs_no_request(
    settings: Settings, right: str, wrong: str, words: str
) -> None:
    head, _, tail = settings.broker_url.rpartition(right)
    refused = settings.model_copy(update={"broker_url": f"{head}{wrong}{tail}"})
    said = said_by_check(refused)
    assert words in said
    assert "of-nobody" not in said
    nudge_through(celery_app(refused))(1)
