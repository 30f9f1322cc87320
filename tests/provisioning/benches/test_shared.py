"""Everybody who works at one bench shares one SSH connection, over a real sshd."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.benches.shared import SharedBenches
from provisioning.benches.ssh import SshBenchSettings
from provisioning.command import Command
from provisioning.errors import BenchError, BenchUnreachable, LinkLost
from provisioning.transports.keys import BenchKey
from tests.contracts.tablets import tablet_on_a_port
from tests.provisioning.benches.counting_proxy import CountingProxy, counting_proxy

SERIAL = Command("getprop", "ro.serialno")
MODEL = "lenovo-tab-m8-13"


@pytest.fixture
def proxy(settings: SshBenchSettings) -> Iterator[CountingProxy]:
    with counting_proxy(settings.port) as through:
        yield through


@pytest.fixture
def counted(settings: SshBenchSettings, proxy: CountingProxy) -> SshBenchSettings:
    """The way to the bench on which connections are counted and can be cut."""
    return replace(settings, port=proxy.port)


def test_many_who_ask_at_once_share_one_connection_and_the_last_closes_it(
    tmp_path: Path, bench_key: BenchKey, counted: SshBenchSettings, proxy: CountingProxy
) -> None:
    shared = SharedBenches()
    with tablet_on_a_port(tmp_path / "one", MODEL) as (tablet, port), ThreadPoolExecutor(6) as pool:
        leases = list(pool.map(lambda _: shared.hold(counted, tablet_key=bench_key), range(6)))
        assert proxy.connections == 1
        for lease in leases[1:]:
            lease.release()
        leases[1].release()
        assert len(shared) == 1, "released twice is released once"
        link = leases[0].bench.open_tablet(f"tcp:127.0.0.1:{port}")
        assert link.run(SERIAL).stdout.strip() == tablet.serial
        link.close()
        leases[0].release()
        assert len(shared) == 0
        with shared.hold(counted, tablet_key=bench_key):
            assert proxy.connections == 2


def test_a_connection_that_drops_is_made_anew_once_for_all_who_hold_it(
    tmp_path: Path, bench_key: BenchKey, counted: SshBenchSettings, proxy: CountingProxy
) -> None:
    shared = SharedBenches()
    with (
        tablet_on_a_port(tmp_path / "one", MODEL) as (tablet, port),
        shared.hold(counted, tablet_key=bench_key) as mine,
        shared.hold(counted, tablet_key=bench_key) as yours,
    ):
        address = f"tcp:127.0.0.1:{port}"
        lost = mine.open_tablet(address)
        proxy.cut()
        with pytest.raises(LinkLost):
            lost.run(SERIAL)
        links = [bench.open_tablet(address) for bench in (mine, yours)]
        assert [link.run(SERIAL).stdout.strip() for link in links] == [tablet.serial] * 2
        assert proxy.connections == 2
        for link in (lost, *links):
            link.close()


def test_a_bench_that_cannot_be_reached_is_told_to_all_and_tried_again_by_the_next(
    bench_key: BenchKey, settings: SshBenchSettings
) -> None:
    shared = SharedBenches()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = replace(settings, port=taken.getsockname()[1])

    def ask(_: int) -> str:
        try:
            shared.hold(nobody, tablet_key=bench_key).release()
        except BenchError as error:
            return type(error).__name__
        return "reached"

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {BenchUnreachable.__name__}
    assert len(shared) == 0
    with counting_proxy(settings.port) as proxy:
        there = replace(settings, port=proxy.port)
        with shared.hold(there, tablet_key=bench_key):
            assert proxy.connections == 1


def test_another_way_to_sign_in_is_another_connection(
    bench_key: BenchKey, counted: SshBenchSettings, proxy: CountingProxy
) -> None:
    shared = SharedBenches()
    with (
        shared.hold(counted, tablet_key=bench_key) as first,
        shared.hold(replace(counted, name="Other bench"), tablet_key=bench_key) as second,
    ):
        assert first is not second
        assert (len(shared), proxy.connections) == (2, 2)
