"""`doorstep serve` and `doorstep worker`: the web server with its worker beside it, or the worker alone."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import datetime
from types import FrameType, TracebackType
from typing import Annotated

import typer
import uvicorn

from fleet.app import create_app, warm_up
from fleet.bench.service.benches import find_bench, lane_of_bench
from fleet.chasing.service import say_what_is_half_set
from fleet.cli.check import settings_findings
from fleet.cli.console import fail, out, speaks_plainly
from fleet.cli.installation import any_database, erase_again
from fleet.clock import installation_clock
from fleet.database.migrate import current_revision, head_revision, upgrade
from fleet.database.session import open_database
from fleet.http.listening import listen
from fleet.jobs.broker import celery_app
from fleet.jobs.nudge import nudge_through
from fleet.logs import get_logger
from fleet.parent import stop_with_parent
from fleet.settings import Settings

log = get_logger(__name__)

WORKER_COMMAND = (sys.executable, "-m", "workers")
"""The worker is a program of its own: `fleet` does not import `workers`."""


class SupervisedWorker:
    """A worker child that is started again when it ends, and that ends when this process does, however that happens.

    The child reads a pipe whose other end only we hold: when we are killed, the pipe closes and the child stops.
    """

    def __init__(self, *, pause_seconds: float = 1.0) -> None:
        self._pause = pause_seconds
        self._stopping = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="worker-watch", daemon=True)

    def __enter__(self) -> SupervisedWorker:
        self._child = self._start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._child is not None:
            self._child.terminate()
            try:
                self._child.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self._child.kill()
                self._child.wait()
        self._thread.join(timeout=5)
        if self._child is not None and self._child.stdin is not None:
            self._child.stdin.close()

    @property
    def pid(self) -> int:
        assert self._child is not None
        return self._child.pid

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([*WORKER_COMMAND, "--with-parent"], stdin=subprocess.PIPE, start_new_session=True)

    def _watch(self) -> None:
        while not self._stopping.is_set():
            assert self._child is not None
            code = self._child.wait()
            if self._stopping.wait(self._pause):
                return
            log.warning("worker_ended", exit_code=code)
            if self._child.stdin is not None:
                self._child.stdin.close()
            self._child = self._start()


@speaks_plainly
def serve(
    with_worker: Annotated[bool, typer.Option(help="Run a worker beside the web server.")] = True,
    with_parent: Annotated[bool, typer.Option("--with-parent", hidden=True)] = False,
) -> None:
    """Serve the pages and the API, with a worker beside it. Refuses to start with a default secret outside the demo.

    Example: `DOORSTEP_SECRET_KEY=… doorstep serve`
    """
    settings = Settings()
    if with_parent:
        stop_with_parent()
    refuse_bad_settings(settings)
    say_what_is_half_set(settings)
    prepare_database(settings)
    signal.signal(signal.SIGTERM, _end_in_order)
    with ExitStack() as stack:
        listener = stack.enter_context(_listen(settings))
        if with_worker:
            stack.enter_context(SupervisedWorker())
        run_web(settings, listener)


def refuse_bad_settings(settings: Settings) -> None:
    """Raises `typer.Exit` when a setting makes serving unsafe."""
    serious = [finding for finding in settings_findings(settings) if finding.serious]
    if serious:
        for finding in serious:
            fail(finding.what, finding.next_step)
        raise typer.Exit(1)


def prepare_database(settings: Settings) -> None:
    """Make or upgrade the embedded SQLite file; a database server is upgraded on purpose, by `doorstep db upgrade`.

    Whoever was erased and came back with a backup is erased again before anything else runs.
    """
    with any_database(settings) as database:
        if database.is_sqlite:
            upgrade(database.engine)
        elif current_revision(database.engine) != head_revision():
            raise fail("The database is not up to date.", "Run `doorstep db upgrade`, then serve again.")
        erase_again(database, settings)


def _end_in_order(_number: int, _frame: FrameType | None) -> None:
    """Uvicorn raises the signal again once it has ended; what is left then is to let the worker end its jobs."""
    raise SystemExit(0)


def _listen(settings: Settings) -> socket.socket:
    try:
        return listen(settings.listen_host, settings.listen_port)
    except OSError as error:
        raise fail(
            f"Port {settings.listen_port} of {settings.listen_host} cannot be used: {error.strerror}.",
            "End what uses it, or set DOORSTEP_LISTEN_PORT or DOORSTEP_LISTEN_HOST.",
        ) from error


def get_ready(now: datetime) -> None:
    """Have at hand what requests ask for, and let the memory's collector pass over it: it would hold every request up
    while it walks through all that stays anyway."""
    warm_up(now)
    gc.collect()
    gc.freeze()


def run_web(settings: Settings, listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT."""
    database = open_database(settings.database)
    clock = installation_clock(demo=settings.demo, data_dir=settings.data_dir)
    nudge = nudge_through(celery_app(settings))
    app = create_app(settings, database, nudge=nudge, clock=clock)
    config = uvicorn.Config(
        app,
        log_config=None,
        timeout_graceful_shutdown=3,
        server_header=False,
    )
    threading.Thread(target=get_ready, args=(clock(),), name="warm-up", daemon=True).start()
    host, port = listener.getsockname()[:2]
    out.print(f"Doorstep is at http://{f'[{host}]' if ':' in host else host}:{port}", soft_wrap=True)
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        nudge.close()
        database.close()


@speaks_plainly
def worker(
    bench: Annotated[
        str, typer.Option(help="Do the work of this bench and no other, on the bench's own computer.")
    ] = "",
) -> None:
    """Run a worker alone, for an installation whose web server runs elsewhere.

    With `--bench NAME` it takes only that bench's work from the queue, and nobody else takes it meanwhile: nothing has
    to reach in to where the bench stands.

    Example: `DOORSTEP_BROKER_URL=amqp://… doorstep worker --bench "Bench 1"`
    """
    settings = Settings()
    refuse_bad_settings(settings)
    lane = ("--lane", _lane_of(settings, bench)) if bench else ()
    sys.stdout.flush()
    os.execv(sys.executable, [*WORKER_COMMAND, *lane])  # noqa: S606 - our own interpreter, no shell wanted


def _lane_of(settings: Settings, name: str) -> str:
    with any_database(settings) as database, database.read() as session:
        return lane_of_bench(find_bench(session, name))
