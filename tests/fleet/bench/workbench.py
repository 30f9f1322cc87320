"""A bench in the database with virtual tablets on real sockets behind its slots, a worker, and a person's hands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from fleet.bench import queries, service
from fleet.bench.link import OpenTablet
from fleet.bench.models import Bench, Run, RunStep
from fleet.bench.models import Slot as SlotRow
from fleet.bench.rules import FINISHED, RunState
from fleet.bench.service.errands import LOOK_JOB
from fleet.bench.service.made_for import Asks, nobody_asks
from fleet.bench.work.errands import look_handler
from fleet.bench.work.handler import run_handler
from fleet.database.session import Database
from fleet.happening import Happening
from fleet.jobs import queries as job_queries
from fleet.jobs import service as jobs
from fleet.jobs.models import Job
from fleet.jobs.rules import JobState
from fleet.settings import Settings
from fleet.tablets import service as tablets
from fleet.tablets.models import Tablet
from fleet.tablets.rules import Stage
from fleet.users.actor import Actor
from provisioning.transports.address import connect
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey
from provisioning.virtual import person
from provisioning.virtual.tablet import Screen, VirtualTablet
from tests.people import FakeClock
from tests.provisioning.benchtop import Slot as Socket

LEASE = timedelta(seconds=60)


class Killed(BaseException):
    """Stands for a process that was killed: nothing in the product catches it."""


@dataclass(frozen=True)
class Watched(Database):
    """A database that tells after each commit of one worker how many there were."""

    after_commit: Callable[[int], None] = lambda number: None
    count: list[int] = field(default_factory=lambda: [0])

    @classmethod
    def round(cls, database: Database, after_commit: Callable[[int], None]) -> Watched:
        return cls(engine=database.engine, _write=database._write, _read=database._read, after_commit=after_commit)

    @contextmanager
    def write(self) -> Iterator[Session]:
        with super().write() as session:
            yield session
        self.count[0] += 1
        self.after_commit(self.count[0])


@dataclass
class Place:
    """One slot: its row, the tablet in it, and the tablet's row."""

    row: SlotRow
    socket: Socket
    tablet: Tablet

    @property
    def device(self) -> VirtualTablet:
        return self.socket.tablet


@dataclass
class Workbench:
    """`taps_allow`: whether somebody taps Allow as soon as a tablet asks."""

    database: Database
    settings: Settings
    clock: FakeClock
    technician: Actor
    bench: Bench
    make_socket: Callable[..., Socket]
    stock: Callable[..., Tablet]
    taps_allow: bool = True
    asks: Asks = nobody_asks
    auth_wait_seconds: float = 3.0
    links: list[Transport] = field(default_factory=list)
    wrap: Callable[[Transport], Transport] = lambda transport: transport

    def place(
        self, personality: str = "samsung-tab-a9-14", *, stage: Stage = Stage.AWAITING_WIPE, **facts: Any
    ) -> Place:
        """A tablet of ours, on the wire and in the books with the same serial."""
        tablet = self.stock(stage, **facts)
        socket = self.make_socket(personality, serial=tablet.serial)
        with self.database.write() as session:
            row = service.add_slot(
                session,
                bench_id=self.bench.id,
                place=f"1-1.{socket.port}",
                address=f"tcp:127.0.0.1:{socket.port}",
                actor=self.technician,
            )
        return Place(row, socket, tablet)

    def put_away(self, place: Place) -> None:
        """Close this place's links and let its tablet rest, so that many runs in one test do not add up."""
        for link in [each for each in self.links if each.address.endswith(f":{place.socket.port}")]:
            link.close()
            self.links.remove(link)
        place.device.vanish()
        self._sockets().remove(place.socket)
        with self.database.write() as session:  # its port may be given to another tablet now
            row = service.get_slot(session, place.row.id)
            row.place, row.address = f"away {row.id}", f"away:{row.id}"

    def happening(self, client_id: str | None = None, reason: str = "") -> Happening:
        return Happening(now=self.clock(), client_id=client_id, reason=reason)

    def start_wipe(self, place: Place, route: str = "") -> Run:
        with self.database.write() as session:
            return service.start_wipe(
                session,
                place.tablet.id,
                place.row.id,
                actor=self.technician,
                settings=self.settings,
                happening=self.happening(),
                media_removed=True,
                route=route,
            )

    def start_provision(self, place: Place, profile: str = "large-clear") -> Run:
        with self.database.write() as session:
            return service.start_provision(
                session,
                place.tablet.id,
                place.row.id,
                profile,
                actor=self.technician,
                settings=self.settings,
                happening=self.happening(),
            )

    def open(self, address: str, *, signer: BenchKey, on_prompt: Callable[[], None]) -> Transport:
        """The opener given to the product: quick, and with a person who may tap Allow."""
        asking = next((s for s in self._sockets() if address.endswith(f":{s.port}")), None)

        def prompted() -> None:
            on_prompt()
            if self.taps_allow and asking is not None:
                threading.Thread(target=asking._wait_and_tap).start()

        link = self.wrap(
            connect(
                address,
                signer=signer,
                timeout_seconds=5,
                auth_wait_seconds=self.auth_wait_seconds if self.taps_allow else 0.1,
                poll_seconds=0.02,
                on_prompt=prompted,
            )
        )
        self.links.append(link)
        return link

    def _sockets(self) -> list[Socket]:
        sockets: list[Socket] = self.make_socket.made  # type: ignore[attr-defined]  # the fixture hangs its list there
        return sockets

    def turn(self, run: Run, database: Database | None = None) -> Run:
        """Let a worker have one go at the run's job, as if its time had come."""
        return self.turn_job(service.job_key(self.run(run)), run, database)

    def turn_job(self, key: str, run: Run, database: Database | None = None) -> Run:
        """The same for one job by its key."""
        used = database or self.database
        self.clock.advance(seconds=LEASE.total_seconds() + 1)
        with self.database.read() as session:
            job = job_queries.job_by_key(session, key)
            assert job is not None
        jobs.run_job(
            job.id,
            database=used,
            clock=self.clock,
            handlers={service.RUN_JOB: run_handler(self.settings, opener=self.open, asks=self.asks)},
            holder="worker one",
            lease=LEASE,
            nudge=lambda _: None,
        )
        return self.run(run)

    def look_as_asked(self, *, holder: str = "worker one", lane: str = "") -> JobState | None:
        """Let a worker do the newest look that was asked for; None when it is not this worker's to do."""
        with self.database.read() as session:
            job = max((each for each in session.query(Job) if each.kind == LOOK_JOB), key=lambda each: each.id)
        return jobs.run_job(
            job.id,
            database=self.database,
            clock=self.clock,
            handlers={LOOK_JOB: look_handler(self.settings, opener=self.open)},
            holder=holder,
            lease=LEASE,
            nudge=lambda _: None,
            lane=lane,
        )

    def stop_before(self, state: RunState, run: Run) -> None:
        """Let a worker carry the run on and die the moment the run has come to this state."""

        def die_there(number: int) -> None:
            if self.run(run).state is state:
                raise Killed(f"at {state.value}")

        with suppress(Killed):
            self.turn(run, Watched.round(self.database, die_there))

    def finish(self, run: Run, place: Place, *, turns: int = 30) -> Run:
        """Turn after turn, with a person doing at the tablet what it asks for, until the run has ended."""
        for _ in range(turns):
            now = self.turn(run)
            if now.state in FINISHED:
                return now
            self.lend_hands(place)
        raise AssertionError(f"run {run.id} is still {now.state} after {turns} turns: {now.doing} / {now.hands}")

    def trust(self, place: Place) -> None:
        """Somebody has tapped Always allow on this tablet before; for calls that reach it without `open`."""
        key = (self.settings.data_dir / "adb" / "adbkey.pub").read_text()
        with place.device.changing() as state:
            state.content.trusted_keys.append(key)

    def look_into(self, place: Place, opener: OpenTablet | None = None) -> service.Seen:
        """A technician looks into the slot, and waits for what is seen."""
        return service.look(
            self.database,
            place.row.id,
            actor=self.technician,
            settings=self.settings,
            clock=self.clock,
            opener=opener or self.open,
        )

    def lend_hands(self, place: Place) -> None:
        """Tap the reset where its page is up; set up a tablet that was just reset."""
        device = place.device
        if device.screen is Screen.RESET:
            person.tap_erase_everything(device)
        device.wait_for(lambda: device.power == "on", 5)
        if not device.debugging_on:
            place.socket.set_up_again()

    def run(self, run: Run) -> Run:
        return self.run_numbered(run.id)

    def run_numbered(self, run_id: int) -> Run:
        with self.database.read() as session:
            return service.get_run(session, run_id)

    def steps(self, run: Run) -> list[RunStep]:
        with self.database.read() as session:
            return list(queries.steps(session, run.id))

    def tablet(self, place: Place) -> Tablet:
        with self.database.read() as session:
            return tablets.get_tablet(session, place.tablet.id)


def keep_key(key: BenchKey, settings: Settings) -> None:
    """Give this installation a key that was made before, for making one takes a while."""
    folder = settings.data_dir / "adb"
    folder.mkdir(parents=True)
    for name in ("adbkey", "adbkey.pub"):
        (folder / name).write_bytes(Path(key.path).with_name(name).read_bytes())
