"""Sends the nudge: a Celery message that holds a job's id and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from celery import Celery
from kombu.exceptions import KombuError

from fleet.jobs import folder as folder_queue
from fleet.jobs.service import Nudge
from fleet.logs import get_logger
from fleet.settings import Settings

RUN_JOB = "doorstep.run_job"
SWEEP = "doorstep.sweep"

_BROKER_ERRORS = (KombuError, OSError, LookupError, ImportError, ValueError)
"""The last three are how kombu says that an address names no transport, one not installed, or nothing at all."""

log = get_logger(__name__)


def celery_app(settings: Settings) -> Celery:
    """The Celery app for these settings: a folder as broker unless another is set (docs/decisions/0005)."""
    app = Celery("doorstep")
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        task_serializer="json",
        accept_content=["json"],
        timezone="UTC",
        broker_connection_retry_on_startup=True,
        beat_max_loop_interval=1,
        beat_schedule_filename=str(settings.data_dir / "beat-schedule"),
        task_default_queue="doorstep",
    )
    if settings.broker_url:
        app.conf.update(
            broker_url=settings.broker_url,
            task_default_queue_type="quorum" if settings.broker_url.startswith("amqp") else None,
            task_create_missing_queue_type="quorum" if settings.broker_url.startswith("amqp") else "classic",
        )
    else:
        folder = settings.data_dir.absolute() / "broker"
        for name in ("queue", "control"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        app.conf.update(
            broker_url=f"{folder_queue.SCHEME}://",
            broker_transport_options={
                "data_folder_in": str(folder / "queue"),
                "data_folder_out": str(folder / "queue"),
                "control_folder": str(folder / "control"),
                "polling_interval": 0.1,
            },
        )
    return app


def broker_trouble(settings: Settings) -> str:
    """What goes wrong when the broker is asked for a connection, by name, or nothing; waits three seconds at most."""
    try:
        with celery_app(settings).connection_for_write(connect_timeout=3) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
    except _BROKER_ERRORS as error:
        return type(error).__name__
    return ""


@dataclass(frozen=True)
class BrokerNudge:
    """A nudge that never raises: a dead broker must not hang or fail a request, the sweep will find the row."""

    app: Celery
    queue: str

    def __call__(self, job_id: int) -> None:
        try:
            self.app.send_task(RUN_JOB, args=[job_id], queue=self.queue, retry=False, ignore_result=True)
        except _BROKER_ERRORS as error:
            log.warning("nudge_failed", job=job_id, error=type(error).__name__)

    def to(self, lane: str) -> Nudge:
        """The same for the workers of one lane, which has a queue of its own name."""
        return BrokerNudge(self.app, lane)


def nudge_through(app: Celery) -> Nudge:
    """The nudge of this installation's broker."""
    return BrokerNudge(app, app.conf.task_default_queue)
