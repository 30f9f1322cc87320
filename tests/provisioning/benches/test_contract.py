"""The transport contract again, the bytes running through a real sshd."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.benches.ssh import SshBenchSettings, open_ssh_bench
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey
from tests.contracts.tablets import tablet_on_a_port
from tests.contracts.transport_contract import TransportContract


class TestThroughAnSshBench(TransportContract):
    @pytest.fixture
    def transport(self, tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings) -> Iterator[Transport]:
        with (
            tablet_on_a_port(tmp_path / "tablet", "lenovo-tab-m8-13") as (_, port),
            open_ssh_bench(settings, tablet_key=bench_key) as bench,
        ):
            link = bench.open_tablet(f"127.0.0.1:{port}")
            yield link
            link.close()
