"""A scripted daemon and a bench key for the transport tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from provisioning.transports.adb_tcp import connect_tcp
from provisioning.transports.adb_transport import AdbTransport
from provisioning.transports.keys import BenchKey
from tests.provisioning.transports.daemon import Behaviour, Daemon

Start = Callable[..., Daemon]
Connect = Callable[[Daemon], AdbTransport]


@pytest.fixture
def start_daemon(tmp_path: Path) -> Iterator[Start]:
    started: list[Daemon] = []

    def start(**behaviour: object) -> Daemon:
        root = tmp_path / f"tablet-{len(started)}"
        (root / "data" / "local" / "tmp").mkdir(parents=True)
        (root / "bin").mkdir()
        started.append(Daemon(root, Behaviour(**behaviour)))  # type: ignore[arg-type]  # any field, checked by Behaviour
        return started[-1]

    yield start
    for daemon in started:
        daemon.close()


@pytest.fixture
def connect_to(bench_key: BenchKey) -> Iterator[Connect]:
    opened: list[AdbTransport] = []

    def connect(daemon: Daemon) -> AdbTransport:
        opened.append(
            connect_tcp(
                "127.0.0.1", daemon.port, signer=bench_key, timeout_seconds=5, auth_wait_seconds=0.3, poll_seconds=0.02
            )
        )
        return opened[-1]

    yield connect
    for transport in opened:
        transport.close()
