"""A bench with virtual tablets on real sockets."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fleet.bench import service
from fleet.database.session import Database
from fleet.partners.models import Organisation
from fleet.settings import Settings
from fleet.tablets.models import Tablet
from fleet.users.actor import Actor
from fleet.users.rules import Role
from provisioning.transports.keys import BenchKey, load_or_make_key
from tests.fleet.bench.workbench import Workbench, keep_key
from tests.people import FakeClock
from tests.provisioning.benchtop import Slot as Socket
from tests.provisioning.benchtop import slot


@pytest.fixture(scope="session")
def bench_key(tmp_path_factory: pytest.TempPathFactory) -> BenchKey:
    return load_or_make_key(tmp_path_factory.mktemp("key"))


class _MakeSocket:
    """Puts virtual tablets on sockets until its stack is closed, and remembers them."""

    def __init__(self, folder: Path, key: BenchKey, stack: contextlib.ExitStack) -> None:
        self.made: list[Socket] = []
        self._folder, self._key, self._stack = folder, key, stack

    def __call__(self, personality: str, *, serial: str) -> Socket:
        socket = self._stack.enter_context(slot(self._folder / serial, personality, self._key, serial=serial))
        self.made.append(socket)
        return socket


@pytest.fixture
def workbench(
    tmp_path: Path,
    database: Database,
    settings: Settings,
    clock: FakeClock,
    hub: Organisation,
    actor: Callable[..., Actor],
    stock: Callable[..., Tablet],
    bench_key: BenchKey,
) -> Iterator[Workbench]:
    """A bench at the hub, with no slots so far."""
    keep_key(bench_key, settings)
    technician = actor(Role.TECHNICIAN)
    with database.write() as session:
        bench = service.add_bench(session, name="Bench 1", actor=technician, clock=clock)
    with contextlib.ExitStack() as stack:
        made = Workbench(
            database, settings, clock, technician, bench, _MakeSocket(tmp_path / "tablets", bench_key, stack), stock
        )
        yield made
        for link in made.links:
            link.close()
