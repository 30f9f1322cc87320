"""Signing in to a bench, and what happens when the bench is not what it was."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from provisioning.benches.base import Bench
from provisioning.benches.host_keys import parse_host_key, read_host_key
from provisioning.benches.local import LocalBench
from provisioning.benches.ssh import SshBenchSettings, open_ssh_bench
from provisioning.command import Command
from provisioning.errors import (
    AddressInvalid,
    BenchKeyChanged,
    BenchSettingsInvalid,
    BenchSignInRefused,
    BenchUnreachable,
    CannotConnect,
    LinkLost,
)
from provisioning.transports.keys import BenchKey
from tests.contracts.tablets import tablet_on_a_port
from tests.contracts.transport_contract import sample_bytes
from tests.provisioning.adb_servers import RunningServer
from tests.provisioning.benches.conftest import settings_for
from tests.provisioning.benches.counting_proxy import counting_proxy
from tests.provisioning.benches.sshd import RunningSshd, make_key, running_agent, running_sshd

MODEL = "lenovo-tab-m8-13"


def test_two_tablets_share_one_connection(tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings) -> None:
    with (
        tablet_on_a_port(tmp_path / "one", MODEL) as (first, first_port),
        tablet_on_a_port(tmp_path / "two", MODEL) as (second, second_port),
        open_ssh_bench(settings, tablet_key=bench_key) as bench,
    ):
        links = [bench.open_tablet(f"127.0.0.1:{port}") for port in (first_port, second_port)]
        serials = [link.run(Command("getprop", "ro.serialno")).stdout.strip() for link in links]
        assert serials == [first.serial, second.serial]
        assert links[0].address == f"ssh:Sample bench/tcp:127.0.0.1:{first_port}"
        for link in links:
            link.close()


def test_both_kinds_of_bench_open_the_same_tablet(
    tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings
) -> None:
    with tablet_on_a_port(tmp_path / "one", MODEL) as (tablet, port):
        benches: list[Bench] = [LocalBench(bench_key), open_ssh_bench(settings, tablet_key=bench_key)]
        for bench in benches:
            link = bench.open_tablet(f"tcp:127.0.0.1:{port}")
            assert link.run(Command("getprop", "ro.serialno")).stdout.strip() == tablet.serial
            link.close()
            bench.close()


class TestTrusting:
    def test_a_machine_with_another_key_is_refused_with_both_fingerprints(
        self, tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings
    ) -> None:
        other = parse_host_key(make_key(tmp_path / "other").with_suffix(".pub").read_text())
        with pytest.raises(BenchKeyChanged, match="No tablet was touched") as caught:
            open_ssh_bench(replace(settings, host_key=other), tablet_key=bench_key)
        assert other.fingerprint in str(caught.value)
        assert settings.host_key.fingerprint in str(caught.value)

    def test_a_pinned_key_of_another_kind_is_refused_too(self, bench_key: BenchKey, settings: SshBenchSettings) -> None:
        # A published sample key of RFC 4716, section 3.6, which no machine uses.
        other = parse_host_key(f"ecdsa-sha2-nistp256 {NISTP256_SAMPLE}")
        with pytest.raises(BenchKeyChanged):
            open_ssh_bench(replace(settings, host_key=other), tablet_key=bench_key)

    def test_the_key_a_person_compares_is_the_one_that_is_pinned(self, sshd: RunningSshd) -> None:
        assert read_host_key("127.0.0.1", sshd.port) == parse_host_key(sshd.host_key_line)

    @pytest.mark.parametrize("text", ["", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 !!", "telnet AAAA"])
    def test_a_line_that_is_no_host_key_is_refused(self, text: str) -> None:
        with pytest.raises(BenchSettingsInvalid, match=r"ssh_host_ed25519_key\.pub"):
            parse_host_key(text)


class TestSigningIn:
    def test_a_key_the_bench_does_not_know_is_refused(
        self, tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings
    ) -> None:
        stranger = replace(settings, key_file=make_key(tmp_path / "stranger"))
        with pytest.raises(BenchSignInRefused, match="authorized_keys"):
            open_ssh_bench(stranger, tablet_key=bench_key)

    def test_a_damaged_key_file_is_told(self, tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings) -> None:
        (tmp_path / "broken").write_text("no key")
        with pytest.raises((BenchSettingsInvalid, BenchSignInRefused, BenchUnreachable)) as caught:
            open_ssh_bench(replace(settings, key_file=tmp_path / "broken"), tablet_key=bench_key)
        assert "Sample bench" in str(caught.value)

    def test_a_bench_that_is_off_is_unreachable(self, bench_key: BenchKey, settings: SshBenchSettings) -> None:
        with pytest.raises(BenchUnreachable, match="did not answer over SSH"):
            open_ssh_bench(replace(settings, port=1), tablet_key=bench_key)

    def test_a_machine_that_speaks_no_ssh_is_unreachable(
        self, tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings
    ) -> None:
        with tablet_on_a_port(tmp_path / "tablet", MODEL) as (_, port), pytest.raises(BenchUnreachable):
            open_ssh_bench(replace(settings, port=port, connect_seconds=0.5), tablet_key=bench_key)

    def test_a_key_in_the_agent_signs_in_without_a_file(
        self, tmp_path: Path, bench_key: BenchKey, sshd: RunningSshd, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with running_agent(tmp_path / "agent", sshd.user_key) as agent:
            monkeypatch.setenv("SSH_AUTH_SOCK", str(agent))
            from_agent = replace(settings_for(sshd), key_file=None, use_agent=True)
            with open_ssh_bench(from_agent, tablet_key=bench_key) as bench, pytest.raises(CannotConnect):
                bench.open_tablet("127.0.0.1:1")


class TestComingBack:
    def test_the_next_tablet_opens_the_connection_again(
        self, tmp_path: Path, bench_key: BenchKey, sshd: RunningSshd
    ) -> None:
        with (
            tablet_on_a_port(tmp_path / "tablet", MODEL) as (tablet, port),
            counting_proxy(sshd.port) as proxy,
            open_ssh_bench(replace(settings_for(sshd), port=proxy.port), tablet_key=bench_key) as bench,
        ):
            lost = bench.open_tablet(f"tcp:127.0.0.1:{port}")
            proxy.cut()
            with pytest.raises(LinkLost, match="not known"):
                lost.run(Command("true"))
            with pytest.raises(LinkLost, match="Connect again"):
                lost.run(Command("true"))
            back = bench.open_tablet(f"tcp:127.0.0.1:{port}")
            assert back.run(Command("getprop ro.serialno")).stdout.strip() == tablet.serial
            assert proxy.connections == 2
            back.close()

    def test_a_tablet_of_the_benchs_adb_server_is_lost_with_the_connection_too(
        self, tmp_path: Path, bench_key: BenchKey, sshd: RunningSshd, adb_server: RunningServer
    ) -> None:
        with (
            tablet_on_a_port(tmp_path / "tablet", MODEL) as (tablet, port),
            adb_server.attached(port),
            counting_proxy(sshd.port) as proxy,
            open_ssh_bench(
                replace(settings_for(sshd), port=proxy.port, adb_server_port=adb_server.port), tablet_key=bench_key
            ) as bench,
        ):
            lost = bench.open_tablet(f"adb:127.0.0.1:{port}")
            proxy.cut()
            with pytest.raises(LinkLost):
                lost.run(Command("true"))
            back = bench.open_tablet(f"adb:127.0.0.1:{port}")
            assert back.run(Command("getprop ro.serialno")).stdout.strip() == tablet.serial
            back.close()

    def test_a_machine_that_came_back_as_another_is_refused(
        self, tmp_path: Path, bench_key: BenchKey, sshd: RunningSshd
    ) -> None:
        with (
            running_sshd(tmp_path / "another") as another,
            counting_proxy(sshd.port) as proxy,
            open_ssh_bench(replace(settings_for(sshd), port=proxy.port), tablet_key=bench_key) as bench,
        ):
            proxy.target = another.port
            proxy.cut()
            with pytest.raises(BenchKeyChanged, match="No tablet was touched"):
                bench.open_tablet("tcp:127.0.0.1:5555")


class TestReaching:
    def test_a_tablet_that_is_not_there_is_told_with_the_bench(
        self, bench_key: BenchKey, settings: SshBenchSettings
    ) -> None:
        with (
            open_ssh_bench(settings, tablet_key=bench_key) as bench,
            pytest.raises(CannotConnect, match=r"Bench Sample bench could not reach the tablet at 127\.0\.0\.1:1"),
        ):
            bench.open_tablet("127.0.0.1:1")

    def test_a_bench_that_forbids_forwarding_says_which_setting(self, tmp_path: Path, bench_key: BenchKey) -> None:
        with (
            running_sshd(tmp_path / "strict", forwarding="no") as sshd,
            open_ssh_bench(settings_for(sshd), tablet_key=bench_key) as bench,
            pytest.raises(CannotConnect, match="AllowTcpForwarding"),
        ):
            bench.open_tablet("127.0.0.1:5555")

    def test_an_address_without_a_port_is_refused(self, bench_key: BenchKey, settings: SshBenchSettings) -> None:
        with open_ssh_bench(settings, tablet_key=bench_key) as bench, pytest.raises(AddressInvalid):
            bench.open_tablet("192.0.2.7")

    def test_a_closed_bench_opens_nothing(self, bench_key: BenchKey, settings: SshBenchSettings) -> None:
        bench = open_ssh_bench(settings, tablet_key=bench_key)
        bench.close()
        bench.close()
        with pytest.raises(CannotConnect, match="Connect to the bench again"):
            bench.open_tablet("127.0.0.1:5555")

    def test_a_bench_that_ends_under_a_copy_loses_the_link(
        self, tmp_path: Path, bench_key: BenchKey, settings: SshBenchSettings
    ) -> None:
        with (
            tablet_on_a_port(tmp_path / "tablet", MODEL) as (_, port),
            open_ssh_bench(settings, tablet_key=bench_key) as bench,
        ):
            link = bench.open_tablet(f"127.0.0.1:{port}")
            cut = threading.Event()

            def cut_once(_moved: int, _total: int) -> None:
                if not cut.is_set():
                    cut.set()
                    bench.close()

            with pytest.raises(LinkLost, match="not known"):
                link.push(io.BytesIO(sample_bytes(6_000_000)), "/data/local/tmp/file", progress=cut_once)


NISTP256_SAMPLE = (
    "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBGsX0fLhLEJH+Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT+NC4v4af5uO5+tKf"
    "A+eFivOM1drMV7Oy7ZAaDe/UfU="
)
