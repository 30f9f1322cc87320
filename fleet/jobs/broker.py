"""The broker as this installation is set up: Celery's configuration, and in words what keeps it from answering.

Whatever a broker does costs a bounded time here and is an error of `BROKER_ERRORS`: a request is never lost to it.
"""

from __future__ import annotations

import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

from celery import Celery
from kombu.connection import Connection
from kombu.exceptions import KombuError
from kombu.transport.pyamqp import Transport as Amqp

from fleet.jobs import folder as folder_queue
from fleet.settings import Settings

ANSWER_SECONDS = 3.0
"""The longest wait for any one answer of the broker, connecting included."""

_HEARTBEAT_SECONDS = 30
"""A line that a router between us and the broker dropped silently is noticed after about twice this."""

_NOT_UNDERSTOOD = (LookupError, ImportError, ValueError)
"""How kombu says that an address names no transport, one that is not installed, or nothing at all."""

BROKER_ERRORS: tuple[type[Exception], ...] = (
    KombuError,
    OSError,
    *_NOT_UNDERSTOOD,
    *Amqp.connection_errors,
    *Amqp.channel_errors,
)
"""What asking anything of the broker may raise. kombu leaves AMQP's own refusals (a password, a queue that is
otherwise) as they are."""


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
        worker_enable_remote_control=False,  # its queue is locked to a host's name, and two computers may share theirs
        task_serializer="json",
        accept_content=["json"],
        timezone="UTC",
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=ANSWER_SECONDS,
        beat_max_loop_interval=1,
        task_default_queue="doorstep",
    )
    app.conf.update(_far(settings.broker_url) if settings.broker_url else _in_a_folder(settings))
    return app


def _far(url: str) -> dict[str, Any]:
    """For a broker that is a program of its own. kombu would ask again for `max_retries` while a request waits."""
    settings: dict[str, Any] = {"broker_url": url, "broker_transport_options": {"max_retries": 0}}
    if not _is_amqp(url):
        return settings
    return settings | {
        "broker_heartbeat": _HEARTBEAT_SECONDS,
        "task_default_queue_type": "quorum",
        "task_create_missing_queue_type": "quorum",
        "broker_use_ssl": _named_certificate() if url.startswith("amqps:") else False,
    }


def _named_certificate() -> dict[str, Any]:
    """A certificate that this computer trusts, for the very name in the address; kombu itself leaves the name open."""
    return {"cert_reqs": ssl.CERT_REQUIRED, "server_hostname": None}


def _in_a_folder(settings: Settings) -> dict[str, Any]:
    folder = settings.data_dir.absolute() / "broker"
    for name in ("queue", "control"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return {
        "broker_url": f"{folder_queue.SCHEME}://",
        "broker_transport_options": {
            "data_folder_in": str(folder / "queue"),
            "data_folder_out": str(folder / "queue"),
            "control_folder": str(folder / "control"),
            "polling_interval": 0.1,
        },
    }


def line_for_nudges(app: Celery) -> Connection:
    """A connection whose every answer is waited for, and not for long: a message counts once the broker has it."""
    impatient = {"confirm_publish": True, "read_timeout": ANSWER_SECONDS, "write_timeout": ANSWER_SECONDS}
    line: Connection = app.connection_for_write(
        transport_options=impatient if _is_amqp(str(app.conf.broker_url)) else {}
    )
    return line


def _is_amqp(url: str) -> bool:
    return urlsplit(url).scheme in ("amqp", "amqps", "pyamqp")


def broker_trouble(settings: Settings) -> str:
    """A sentence about what goes wrong when the broker is asked for a connection, or nothing when it answers.

    Waits for `ANSWER_SECONDS` or a few times that; never holds the password.
    """
    try:
        with celery_app(settings).connection_for_write() as connection:
            connection.ensure_connection(max_retries=0)
            connection.default_channel.close()
    except BROKER_ERRORS as error:
        return _in_words(error, _place(settings.broker_url))
    return ""


def _place(url: str) -> str:
    """HOST:PORT of an address, without the user and the password."""
    return urlsplit(url).netloc.rpartition("@")[2]


def _in_words(error: Exception, place: str) -> str:
    cause: BaseException = error.__cause__ if isinstance(error, KombuError) and error.__cause__ else error
    kind = type(cause).__name__
    if kind == "AccessRefused":
        return f"The broker at {place} answers, but refuses this user or this password."
    if kind == "NotAllowed":
        return f"The broker at {place} answers, but this user may not use that virtual host, or there is none."
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"The broker at {place} does not answer with a certificate that this computer trusts for that name."
    if isinstance(cause, ssl.SSLError):
        return f"The broker at {place} does not answer with TLS, which amqps:// asks for."
    why = next((words for kinds, words in _WHY if isinstance(cause, kinds)), kind)
    return f"The broker does not answer ({why})."


_WHY: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((ConnectionRefusedError,), "nothing listens at that address"),
    ((TimeoutError, BlockingIOError), "it is reached, but stays silent"),
    ((socket.gaierror,), "no computer of that name is found"),
    (_NOT_UNDERSTOOD, "the address is of no kind that is known here"),
)
