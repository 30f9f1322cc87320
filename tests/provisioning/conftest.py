"""A bench key made once, an adb server of our own, and tablets on real sockets."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provisioning.transports.keys import BenchKey, load_or_make_key
from tests.provisioning.adb_servers import RunningServer, running_adb_server
from tests.provisioning.benchtop import Slot, slot

MakeSlot = Callable[..., Slot]


@pytest.fixture(scope="session")
def bench_key(tmp_path_factory: pytest.TempPathFactory) -> BenchKey:
    return load_or_make_key(tmp_path_factory.mktemp("key"))


@pytest.fixture(scope="session")
def adb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_adb_server(tmp_path_factory.mktemp("adb")) as server:
        yield server


@pytest.fixture
def make_slot(tmp_path: Path, bench_key: BenchKey) -> Iterator[MakeSlot]:
    """`make_slot("lenovo-tab-m8-13")`: a tablet of that personality, set up, on a socket of its own."""
    with contextlib.ExitStack() as stack:

        def make(personality: str = "lenovo-tab-m8-13", *, serial: str = "VIRTSAMPLE1") -> Slot:
            return stack.enter_context(slot(tmp_path / serial, personality, bench_key, serial=serial))

        yield make
