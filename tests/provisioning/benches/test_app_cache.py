"""An app's bytes cross SSH once for each bench, and what the bench keeps is checked before it is used."""

from __future__ import annotations

import io
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from provisioning.benches.host_install import INSTALL
from provisioning.benches.ssh import SshBench, SshBenchSettings, open_ssh_bench
from provisioning.command import Command
from provisioning.digest import sha256_of
from provisioning.errors import InstallRefused, LinkLost
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey
from tests.apks import ApkRecipe, build_apk
from tests.contracts.tablets import tablet_on_a_port
from tests.provisioning.adb_servers import RunningServer
from tests.provisioning.benches.counting_proxy import CountingProxy, counting_proxy
from tests.provisioning.benches.sshd import RunningSshd
from tests.provisioning.virtual.adb_program import free_port

MODEL = "lenovo-tab-m8-13"
PACKAGE = "org.example.large"


@dataclass
class Table:
    """A bench with three tablets on an adb server, reached through a proxy that counts."""

    settings: SshBenchSettings
    key: BenchKey
    proxy: CountingProxy
    addresses: list[str]
    folder: Path

    def bench(self, **changes: object) -> SshBench:
        return open_ssh_bench(replace(self.settings, **changes), tablet_key=self.key)  # type: ignore[arg-type]  # any field

    def kept(self) -> list[Path]:
        return sorted(self.folder.glob("*.apk"))


@pytest.fixture
def table(
    tmp_path: Path, bench_key: BenchKey, sshd: RunningSshd, settings: SshBenchSettings, adb_server: RunningServer
) -> Iterator[Table]:
    with ExitStack() as stack:
        proxy = stack.enter_context(counting_proxy(sshd.port))
        addresses = []
        for number in range(3):
            _, port = stack.enter_context(tablet_on_a_port(tmp_path / f"tablet-{number}", MODEL))
            stack.enter_context(adb_server.attached(port))
            addresses.append(f"adb:127.0.0.1:{port}")
        folder = tmp_path / "apps"
        through = replace(settings, port=proxy.port, adb_server_port=adb_server.port, app_folder=str(folder))
        yield Table(through, bench_key, proxy, addresses, folder)


@pytest.fixture
def apk() -> Path:
    return build_apk(ApkRecipe(package=PACKAGE, padding_bytes=3_000_000))


def has_app(tablet: Transport) -> bool:
    return f"package:{PACKAGE}" in tablet.run(Command("pm list packages --user 0")).stdout.split()


def test_three_tablets_take_one_app_and_its_bytes_cross_once(table: Table, apk: Path) -> None:
    for address in table.addresses:  # a connection for each tablet, as a run has it
        with table.bench() as bench:
            tablet = bench.open_tablet(address)
            tablet.install([apk])
            assert has_app(tablet)
            tablet.close()
    assert table.proxy.sent_bytes < 1.2 * apk.stat().st_size
    assert [sha256_of(file) for file in table.kept()] == [sha256_of(apk)]


def test_three_tablets_that_want_an_app_at_the_same_moment_cause_one_upload(table: Table, apk: Path) -> None:
    found: list[bool] = []

    def install_on(address: str) -> None:
        with table.bench() as bench:
            tablet = bench.open_tablet(address)
            tablet.install([apk])
            found.append(has_app(tablet))
            tablet.close()

    threads = [threading.Thread(target=install_on, args=(address,)) for address in table.addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [True, True, True]
    assert table.proxy.sent_bytes < 1.2 * apk.stat().st_size


def test_a_damaged_file_is_noticed_and_sent_again(table: Table, apk: Path) -> None:
    with table.bench() as bench:
        tablet = bench.open_tablet(table.addresses[0])
        tablet.install([apk])
        kept = table.kept()[0]
        kept.write_bytes(kept.read_bytes()[:-1] + b"?")
        tablet.install([apk])
        tablet.close()
    assert sha256_of(kept) == sha256_of(apk)
    assert table.proxy.sent_bytes > 2 * apk.stat().st_size


def test_an_upload_that_was_cut_leaves_nothing_that_could_be_used(table: Table, apk: Path) -> None:
    bench = table.bench()
    tablet = bench.open_tablet(table.addresses[0])
    with pytest.raises(LinkLost):
        tablet.install([apk], progress=lambda *_: table.proxy.cut())
    tablet.close()
    tablet = bench.open_tablet(table.addresses[0])
    assert not has_app(tablet)
    tablet.install([apk])
    assert has_app(tablet)
    bench.close()
    assert [sha256_of(file) for file in table.kept()] == [sha256_of(apk)]
    assert not list(table.folder.glob("*.part"))


def test_a_refused_app_gives_androids_reason_and_its_own_name(table: Table) -> None:
    with table.bench() as bench:
        tablet = bench.open_tablet(table.addresses[0])
        tablet.install([build_apk(ApkRecipe(package=PACKAGE, version_code=5))])
        old = build_apk(ApkRecipe(package=PACKAGE, version_code=2))
        with pytest.raises(InstallRefused, match="a newer version is on the tablet") as caught:
            tablet.install([old])
        tablet.close()
    assert caught.value.code == "INSTALL_FAILED_VERSION_DOWNGRADE"
    assert old.name in str(caught.value)


class TestWithoutACache:
    def test_a_bench_without_an_adb_program_streams_and_says_why(
        self, table: Table, apk: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("provisioning.benches.host_install.PROBE", "echo no adb")
        self._streams(table, apk)
        assert "no adb" in caplog.text

    def test_an_adb_program_of_another_version_than_the_server_is_never_run(
        self, table: Table, apk: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("provisioning.benches.host_install.PROBE", "echo Android Debug Bridge version 1.0.36; exit")
        self._streams(table, apk)
        assert "its adb program is of version 36 and its adb server of version 41" in caplog.text

    def test_a_folder_that_cannot_be_written_streams_too(
        self, table: Table, apk: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        table.folder.write_text("a file where the folder should be")
        self._streams(table, apk)
        assert "go through SSH" in caplog.text

    def test_a_tablet_on_the_network_streams_for_no_adb_server_knows_it(
        self, tmp_path: Path, table: Table, apk: Path
    ) -> None:
        with tablet_on_a_port(tmp_path / "other", MODEL) as (_, port), table.bench() as bench:
            tablet = bench.open_tablet(f"tcp:127.0.0.1:{port}")
            tablet.install([apk])
            assert has_app(tablet)
            tablet.close()
        assert not table.folder.exists()

    def _streams(self, table: Table, apk: Path) -> None:
        with table.bench() as bench:
            assert not bench.apps_kept().here or table.folder.is_file()
            tablet = bench.open_tablet(table.addresses[0])
            tablet.install([apk])
            assert has_app(tablet)
            tablet.close()


def test_the_adb_program_as_it_is_called_there_starts_no_server() -> None:
    port = free_port()
    ended = subprocess.run(
        ["sh", "-c", INSTALL, "doorstep", f"127.0.0.1:{port}", "1", "install", "/nowhere.apk"], capture_output=True
    )
    assert ended.returncode
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=1)


def test_progress_tells_of_bytes_that_cross_and_ends_with_the_whole(table: Table, apk: Path) -> None:
    size, first, second = apk.stat().st_size, [], []
    with table.bench() as bench:
        tablet = bench.open_tablet(table.addresses[0])
        tablet.install([apk], progress=lambda *step: first.append(step))
        tablet.install([apk], progress=lambda *step: second.append(step))
        tablet.push(io.BytesIO(b"x"), "/data/local/tmp/still-here")
        tablet.close()
    assert len(first) > 2
    assert first == sorted(first)
    assert first[-1] == (size, size)
    assert second == [(size, size)]
