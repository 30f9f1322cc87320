"""Small packets through a bench do not wait for each other."""

from __future__ import annotations

import time
from pathlib import Path

from provisioning.benches.ssh import SshBenchSettings, open_ssh_bench
from provisioning.command import Command
from provisioning.transports.keys import BenchKey
from tests.contracts.tablets import tablet_on_a_port

DELAYED_ACKNOWLEDGEMENT_SECONDS = 0.04


def test_a_command_through_a_bench_meets_no_delayed_acknowledgement(
    tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings
) -> None:
    with (
        tablet_on_a_port(tmp_path / "tablet", "lenovo-tab-m8-13") as (_, port),
        open_ssh_bench(settings, tablet_key=bench_key) as bench,
    ):
        link = bench.open_tablet(f"127.0.0.1:{port}")
        took = []
        for _ in range(15):
            before = time.perf_counter()
            link.run(Command("true"))
            took.append(time.perf_counter() - before)
        link.close()
    # The quickest, so that a busy machine does not decide; the delay would be in every one of them.
    assert min(took) < DELAYED_ACKNOWLEDGEMENT_SECONDS
