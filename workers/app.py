"""The Celery worker: thin tasks round job rows, a sweep, and the schedule. Nothing of the business is here: what it
does is given to it."""

from __future__ import annotations

import os
import signal
import socket
import threading
import warnings
from contextlib import closing, suppress
from datetime import timedelta
from types import FrameType

from celery import Celery
from celery.apps.worker import Worker
from celery.beat import EmbeddedService
from celery.exceptions import CPendingDeprecationWarning
from celery.signals import worker_ready
from sqlalchemy.exc import SQLAlchemyError

from fleet.clock import installation_clock
from fleet.database.session import Database, open_database
from fleet.jobs import service as jobs
from fleet.jobs.broker import celery_app
from fleet.jobs.nudge import RUN_JOB, SWEEP, nudge_through
from fleet.logs import configure_logs
from fleet.settings import Settings
from workers.consumer import PlainConsumer
from workers.given import Given, Giver

IN_MEMORY = "celery.beat:Scheduler"
"""What is due is kept in rows: Celery's own notes of it on disk would be one more thing that can be lost."""

ALIVE_SECONDS = 30.0
"""A lane's worker that has not said for this long that it is there counts as gone."""


def make_worker_app(settings: Settings, database: Database, given: Given, *, lane: str = "", name: str = "") -> Celery:
    """The Celery app with its tasks bound to one database. With a `lane` it does the jobs of that lane and no others;
    `name` is who says that the lane has a worker."""
    app = celery_app(settings)
    nudge = nudge_through(app)
    queue = lane or app.conf.task_default_queue
    lease = timedelta(seconds=settings.lease_seconds)
    clock = installation_clock(demo=settings.demo, data_dir=settings.data_dir)

    def run_job(job_id: int) -> None:
        holder = f"{socket.gethostname()}:{os.getpid()}:{threading.get_ident()}"
        jobs.run_job(
            job_id,
            database=database,
            clock=clock,
            handlers=given.handlers,
            holder=holder,
            lease=lease,
            nudge=nudge,
            lane=lane,
        )

    def sweep() -> None:
        now = clock()
        with database.write() as session:
            if lane:
                until = now + timedelta(seconds=max(ALIVE_SECONDS, 3 * settings.sweep_seconds))
                jobs.lane_is_alive(session, lane, worker=name, until=until)
            else:
                session.info["nudge"] = nudge
                given.by_the_clock(session, now)
        jobs.sweep(database, now=now, nudge=nudge, lane=lane or None)

    app.task(run_job, name=RUN_JOB)
    app.task(sweep, name=SWEEP)
    app.conf.beat_schedule = {
        "sweep": {
            "task": SWEEP,
            "schedule": settings.sweep_seconds,
            "options": {"expires": max(settings.sweep_seconds, 5.0), "queue": queue},
        }
    }
    worker_ready.connect(lambda **_: sweep(), weak=False)
    return app


def run_worker(settings: Settings, giver: Giver, *, lane: str = "") -> int:
    """Work until SIGTERM or SIGINT, with threads as pool and the schedule in a thread of its own. Returns an exit code.

    `giver` says what there is to do. With a `lane`, only its jobs are taken.

    One process, no children: nothing is orphaned when it is killed. A first signal lets running jobs end.
    """
    configure_logs(settings.log_format)
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)  # one at each lost connection
    if lane and not settings.hub_url:  # it stands elsewhere, without the hub's data folder
        settings = settings.model_copy(update={"hub_url": settings.public_url})
    given = giver(settings)
    with closing(open_database(settings.database)) as database:
        if not lane:  # a lane's worker may stand elsewhere, without the journal; it waits for jobs that the hub gives
            given.before_all(database, settings)
        name = f"{socket.gethostname()}:{os.getpid()}"
        app = make_worker_app(settings, database, given, lane=lane, name=name)
        try:
            return _work(app, settings, lane)
        finally:
            if lane:
                with (
                    suppress(SQLAlchemyError),
                    database.write() as session,
                ):  # it ends anyway, at the latest by its time
                    jobs.lane_has_ended(session, lane, worker=name)


def _work(app: Celery, settings: Settings, lane: str) -> int:
    schedule = EmbeddedService(app, thread=True, scheduler_cls=IN_MEMORY)
    worker = Worker(
        app=app,
        pool="threads",
        concurrency=settings.worker_threads,
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
        consumer_cls=PlainConsumer,
        queues=[lane] if lane else None,
    )

    def stop(_number: int, _frame: FrameType | None) -> None:
        schedule.stop()
        worker.stop(exitcode=0)

    schedule.start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        worker.start()
    finally:
        schedule.stop()
    return int(worker.exitcode or 0)
