"""The transport contract again, the bytes running through a real sshd: to a tablet, and to a real adb server."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.benches.ssh import SshBenchSettings, open_ssh_bench
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey
from tests.contracts.tablets import tablet_on_a_port
from tests.contracts.transport_contract import TransportContract
from tests.provisioning.adb_servers import RunningServer

MODEL = "lenovo-tab-m8-13"


class TestThroughAnSshBench(TransportContract):
    @pytest.fixture
    def transport(self, tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings) -> Iterator[Transport]:
        with (
            tablet_on_a_port(tmp_path / "tablet", MODEL) as (_, port),
            open_ssh_bench(settings, tablet_key=bench_key) as bench,
        ):
            link = bench.open_tablet(f"127.0.0.1:{port}")
            yield link
            link.close()


class TestThroughTheAdbServerOfAnSshBench(TransportContract):
    """Installs run from the bench's own cache of app files, by its own adb program."""

    @pytest.fixture
    def transport(
        self, tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings, adb_server: RunningServer
    ) -> Iterator[Transport]:
        there = replace(settings, adb_server_port=adb_server.port, app_folder=str(tmp_path / "apps"))
        with (
            tablet_on_a_port(tmp_path / "tablet", MODEL) as (_, port),
            adb_server.attached(port),
            open_ssh_bench(there, tablet_key=bench_key) as bench,
        ):
            assert bench.apps_kept().here
            link = bench.open_tablet(f"adb:127.0.0.1:{port}")
            yield link
            link.close()
