"""What a bench says is plugged into it, here and elsewhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.benches.base import Attached
from provisioning.benches.local import LocalBench
from provisioning.benches.same_tablet import unify
from provisioning.benches.ssh import SshBenchSettings, open_ssh_bench
from provisioning.errors import CannotConnect
from provisioning.transports.keys import BenchKey
from provisioning.transports.sighting import State
from tests.contracts.tablets import tablet_on_a_port
from tests.provisioning.adb_servers import RunningServer
from tests.provisioning.benches.counting_proxy import counting_proxy
from tests.provisioning.benches.sshd import RunningSshd
from tests.provisioning.transports.scripted_server import scripted_server
from tests.provisioning.transports.software_bus import SoftwareTablet, bus_of

MODEL = "lenovo-tab-m8-13"
LISTED = "SAMPLE0001 device usb:1-4.2 model:Sample_Tab transport_id:7\n"


def no_libusb() -> tuple[object, ...]:
    raise CannotConnect("USB cannot be used on this computer, for libusb is missing.")


def test_the_servers_tablets_and_those_on_usb_are_listed_together(
    bench_key: BenchKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted_server(LISTED) as server:
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(server.port))
        bench = LocalBench(bench_key, usb=bus_of(SoftwareTablet(1, [4, 2]), SoftwareTablet(1, [4, 3])))
        seen = bench.attached()
    assert [one.address for one in seen.sightings] == ["adb:usb:1-4.2", "usb:1-4.2", "usb:1-4.3"]
    assert [tablet.usb_path for tablet in unify(seen.sightings)] == ["1-4.2", "1-4.3"]
    assert seen.unseen == ()


def test_a_way_of_looking_that_did_not_work_is_said_and_is_not_the_same_as_nothing(
    bench_key: BenchKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", "1")
    seen = LocalBench(bench_key, usb=no_libusb).attached()
    assert seen.sightings == ()
    assert [words.split(".")[0] for words in seen.unseen] == [
        "No adb server answers at 127",
        "USB cannot be used on this computer, for libusb is missing",
    ]


def test_a_bench_elsewhere_lists_what_its_own_server_tracks(
    tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings, adb_server: RunningServer
) -> None:
    there = replace(settings, adb_server_port=adb_server.port)
    with (
        tablet_on_a_port(tmp_path / "tablet", MODEL) as (_, port),
        adb_server.attached(port),
        open_ssh_bench(there, tablet_key=bench_key) as bench,
    ):
        (seen,) = bench.attached().sightings
        assert (seen.address, seen.serial, seen.usb_path) == (f"adb:127.0.0.1:{port}", "", "")
        assert seen.state in {State.READY, State.AUTHORISING, State.UNAUTHORISED, State.CONNECTING, State.OFFLINE}
        link = bench.open_tablet(seen.address)
        assert bench.attached().sightings[0].ready
        link.close()


def test_a_bench_elsewhere_without_a_server_says_how_to_start_one(
    bench_key: BenchKey, settings: SshBenchSettings
) -> None:
    with open_ssh_bench(replace(settings, adb_server_port=1), tablet_key=bench_key) as bench:
        seen = bench.attached()
    assert seen.sightings == ()
    assert "on bench Sample bench. On that computer start it with `adb start-server`" in seen.unseen[0]


def test_watching_tells_of_a_tablet_as_it_is_plugged_in_and_goes_on_when_the_server_stops(
    bench_key: BenchKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    with scripted_server() as server:
        monkeypatch.setenv("ANDROID_ADB_SERVER_PORT", str(server.port))
        watch = LocalBench(bench_key, usb=bus_of()).watch(idle_seconds=0.01)
        assert next(watch) == Attached(())
        server.show(LISTED)
        assert any(seen.sightings for _, seen in zip(range(50), watch, strict=False))
        server.close()
        assert any(seen.unseen for _, seen in zip(range(50), watch, strict=False))
        watch.close()  # type: ignore[attr-defined]  # a generator, which Iterator does not say


def test_watching_a_bench_elsewhere_outlives_its_connection(
    bench_key: BenchKey, sshd: RunningSshd, settings: SshBenchSettings
) -> None:
    with (
        scripted_server(LISTED) as server,
        counting_proxy(sshd.port) as proxy,
        open_ssh_bench(replace(settings, port=proxy.port, adb_server_port=server.port), tablet_key=bench_key) as bench,
    ):
        watch = bench.watch(idle_seconds=0.01)
        assert [one.usb_path for one in next(watch).sightings] == ["1-4.2"]
        proxy.cut()
        seen = [bool(look.sightings) for _, look in zip(range(100), watch, strict=False)]
        assert seen[-1]
        assert proxy.connections >= 2
        watch.close()  # type: ignore[attr-defined]  # a generator, which Iterator does not say
