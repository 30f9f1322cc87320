"""The contract on TCP, with a current and with an old virtual tablet at the other end, through an adb server, and
around another link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.benches.local import LocalBench
from provisioning.transports.address import connect
from provisioning.transports.around import Around
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey
from tests.contracts.tablets import tablet_on_a_port
from tests.contracts.transport_contract import TransportContract
from tests.provisioning.adb_servers import RunningServer
from tests.provisioning.transports.software_bus import SoftwareTablet, bus_of


class TestOnTcp(TransportContract):
    @pytest.fixture(params=["samsung-tab-a9-14", "lenovo-tab-m10-9", "legacy-tablet-7"])
    def transport(self, tmp_path: Path, bench_key: BenchKey, request: pytest.FixtureRequest) -> Iterator[Transport]:
        with tablet_on_a_port(tmp_path / "tablet", request.param) as (_, port):
            link = connect(f"tcp:127.0.0.1:{port}", signer=bench_key, poll_seconds=0.02)
            yield link
            link.close()


class TestOnUsbWithoutACable(TransportContract):
    """The USB code path whole, adb-shell's transport included; the bus below it is software: no cable is used."""

    @pytest.fixture(params=["samsung-tab-a9-14", "legacy-tablet-7"])
    def transport(self, tmp_path: Path, bench_key: BenchKey, request: pytest.FixtureRequest) -> Iterator[Transport]:
        with tablet_on_a_port(tmp_path / "tablet", request.param) as (tablet, port):
            plugged_in = SoftwareTablet(1, [4, 2], port, is_there=lambda: tablet.reachable)
            bench = LocalBench(bench_key, poll_seconds=0.02, usb=bus_of(plugged_in))
            link = bench.open_tablet("usb:1-4.2")
            yield link
            link.close()


class TestThroughAnAdbServer(TransportContract):
    @pytest.fixture(params=["samsung-tab-a9-14", "legacy-tablet-7"])
    def transport(
        self, tmp_path: Path, bench_key: BenchKey, adb_server: RunningServer, request: pytest.FixtureRequest
    ) -> Iterator[Transport]:
        with (
            tablet_on_a_port(tmp_path / "tablet", request.param) as (_, port),
            adb_server.attached(port) as address,
        ):
            link = connect(address, signer=bench_key, poll_seconds=0.02)
            yield link
            link.close()


class TestAroundAnotherLink(TransportContract):
    @pytest.fixture
    def transport(self, tmp_path: Path, bench_key: BenchKey) -> Iterator[Transport]:
        with tablet_on_a_port(tmp_path / "tablet", "samsung-tab-a9-14") as (_, port):
            link = Around(connect(f"tcp:127.0.0.1:{port}", signer=bench_key, poll_seconds=0.02))
            yield link
            link.close()
