"""Sends the nudge: a Celery message that holds a job's id and nothing else."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from celery import Celery
from kombu.connection import Connection

from fleet.jobs.broker import ANSWER_SECONDS, BROKER_ERRORS, line_for_nudges
from fleet.jobs.service import Nudge
from fleet.logs import get_logger

RUN_JOB = "doorstep.run_job"
SWEEP = "doorstep.sweep"

REST_SECONDS = 5.0
"""So long a broker that did not answer is left alone: many jobs asked for at once must not each wait for it."""

log = get_logger(__name__)


class Line:
    """One process's connection to the broker for nudges: made at the first, dropped and left alone after a failure."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._connection: Connection | None = None
        self._one_at_a_time = threading.Lock()
        self._rests_until = 0.0

    def send(self, job_id: int, queue: str) -> None:
        """Raises what is in `BROKER_ERRORS`, after a few seconds at most; while the line rests, does nothing."""
        with self._one_at_a_time:
            if time.monotonic() < self._rests_until:
                return
            try:
                self._send_over_either(job_id, queue)
            except BROKER_ERRORS:
                self._rests_until = time.monotonic() + REST_SECONDS
                self._drop()
                raise

    def close(self) -> None:
        with self._one_at_a_time:
            self._drop()

    def _send_over_either(self, job_id: int, queue: str) -> None:
        """Over the connection there is, or over a fresh one where the broker has hung up since, as when it restarts."""
        began, was_open = time.monotonic(), self._connection is not None
        try:
            self._send(job_id, queue)
        except BROKER_ERRORS:
            if not was_open or time.monotonic() - began >= ANSWER_SECONDS:
                raise
            self._drop()
            self._send(job_id, queue)

    def _send(self, job_id: int, queue: str) -> None:
        if self._connection is None:
            self._connection = line_for_nudges(self._app)
        self._app.send_task(
            RUN_JOB,
            args=[job_id],
            queue=queue,
            connection=self._connection,
            retry=False,
            ignore_result=True,
            confirm_timeout=ANSWER_SECONDS,
        )

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(*BROKER_ERRORS):
                # closing it in order would wait for an answer
                connection.collect()  # type: ignore[no-untyped-call]  # kombu has no types for it


@dataclass(frozen=True)
class BrokerNudge:
    """A nudge that never raises: a dead broker must not hang or fail a request, the sweep will find the row."""

    line: Line
    queue: str

    def __call__(self, job_id: int) -> None:
        try:
            self.line.send(job_id, self.queue)
        except BROKER_ERRORS as error:
            log.warning("nudge_failed", job=job_id, error=type(error).__name__)

    def to(self, lane: str) -> Nudge:
        """The same for the workers of one lane, which has a queue of its own name."""
        return BrokerNudge(self.line, lane)

    def close(self) -> None:
        """Let go of the broker; the next nudge connects again."""
        self.line.close()


def nudge_through(app: Celery) -> BrokerNudge:
    """The nudge of this installation's broker."""
    return BrokerNudge(Line(app), app.conf.task_default_queue)
