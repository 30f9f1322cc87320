"""The TCP transport against daemons that are old, odd or failing; ordinary behaviour is in the contract suite."""

from __future__ import annotations

import io
import socket
import threading
import time
from pathlib import Path

import pytest

from provisioning.command import Command
from provisioning.errors import (
    CannotConnect,
    CommandTimedOut,
    InstallRefused,
    LinkLost,
    NotAuthorised,
    ServiceRefused,
    TabletFull,
    TransferFailed,
)
from provisioning.transports.adb_tcp import connect_tcp
from provisioning.transports.base import ShellResult
from provisioning.transports.keys import BenchKey
from tests.apks import ApkRecipe, build_apk
from tests.contracts.transport_contract import sample_bytes
from tests.provisioning.transports.conftest import Connect, Start
from tests.provisioning.transports.daemon import Daemon

LEGACY = {"version": 0x01000000, "max_payload": 4096, "features": ""}
TARGET = "/data/local/tmp/file"


def pm_script(daemon: Daemon, name: str, body: str) -> None:
    script = daemon.root / "bin" / name
    script.write_text(f"#!/bin/sh\n{body}\n")
    script.chmod(0o755)


def test_shell_v2_tells_output_from_errors(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon())
    assert transport.run(Command("echo out; echo err >&2; exit 7")) == ShellResult(7, "out\n", "err\n")


def test_only_features_both_sides_know_are_offered(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon(features="shell_v2,cmd,something_from_2031"))
    assert transport.features == {"shell_v2", "cmd"}


def test_only_the_greeting_is_summed_for_a_current_daemon(start_daemon: Start, connect_to: Connect) -> None:
    daemon = start_daemon(asks_for_key=True)
    transport = connect_to(daemon)
    for word in ("one", "two"):
        transport.run(Command("echo", word))
    summed = {command: check != 0 for command, _, check in daemon.seen.packets}
    assert summed == {b"CNXN": True, b"AUTH": True, b"OPEN": False, b"OKAY": False, b"WRTE": False, b"CLSE": False}


def test_every_packet_for_an_old_daemon_is_summed_and_small(start_daemon: Start, connect_to: Connect) -> None:
    # The daemon itself asserts sum and size of every packet it reads, and drops the link when one is wrong.
    transport, data = connect_to(start_daemon(**LEGACY)), sample_bytes(50_001)
    transport.push(io.BytesIO(data), TARGET)
    back = io.BytesIO()
    transport.pull(TARGET, back)
    assert back.getvalue() == data


def test_bytes_are_sent_ahead_where_acknowledgements_are_delayed(start_daemon: Start, connect_to: Connect) -> None:
    # The daemon asserts that its window is kept to, and acknowledges only once it is used up.
    daemon = start_daemon(delays_acks=True)
    transport, data = connect_to(daemon), sample_bytes(10_000_001)
    transport.push(io.BytesIO(data), TARGET)
    back = io.BytesIO()
    transport.pull(TARGET, back)
    assert back.getvalue() == data
    assert transport.run(Command("echo", "still here")).stdout == "still here\n"
    assert [command for command, _, _ in daemon.seen.packets].count(b"OKAY") < 10


def test_an_old_daemon_gives_exit_codes_through_a_marker(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon(**LEGACY, terminal_newlines=True))
    assert transport.run(Command("echo out; echo err >&2; exit 7")) == ShellResult(7, "out\nerr\n", "")
    assert transport.run(Command("printf", "no-newline")) == ShellResult(0, "no-newline", "")
    assert transport.run(Command("false # and a note")) == ShellResult(1, "", "")


def test_a_wrong_sum_from_an_old_daemon_ends_the_link(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon(**LEGACY, wrong_sum=True))
    with pytest.raises(LinkLost):
        transport.run(Command("echo", "one"))


@pytest.mark.parametrize("odd", [{"closes_twice": True}, {"closes_with_zero": True}])
def test_odd_ways_of_closing_a_stream_do_not_disturb_the_next(
    start_daemon: Start, connect_to: Connect, odd: dict[str, bool]
) -> None:
    transport = connect_to(start_daemon(**odd))
    assert [transport.run(Command("echo", str(number))).stdout for number in range(5)] == [
        "0\n",
        "1\n",
        "2\n",
        "3\n",
        "4\n",
    ]


def test_an_answer_without_an_exit_code_is_never_success(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon(cut_exit_code=True))
    with pytest.raises(LinkLost, match=r"not known.*read its state"):
        transport.run(Command("echo", "one"))


def test_an_old_answer_without_its_marker_is_never_success(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon(**LEGACY))
    with pytest.raises(LinkLost):
        transport.run(Command("kill -9 $$"))


def test_a_link_that_drops_in_the_middle_of_a_copy_is_lost(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon(cut_after_bytes=1_500_000))
    with pytest.raises(LinkLost, match="copying to"):
        transport.push(io.BytesIO(sample_bytes(5_000_000)), TARGET)
    with pytest.raises(LinkLost, match="Connect again"):
        transport.run(Command("true"))


def test_a_service_the_daemon_closes_is_refused_and_the_link_goes_on(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon(refused=("shell",)))
    with pytest.raises(ServiceRefused, match="USB debugging"):
        transport.run(Command("true"))
    transport.push(io.BytesIO(b"x"), TARGET)


def test_a_full_tablet_is_told_apart_from_other_refusals(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon(full_after_bytes=1_000_000))
    with pytest.raises(TabletFull, match="storage is full"):
        transport.push(io.BytesIO(sample_bytes(8_000_000)), TARGET)
    assert transport.run(Command("echo", "still here")).ok


def test_a_push_that_lost_bytes_on_the_tablet_fails(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon(loses_bytes=10))
    with pytest.raises(TransferFailed, match="990 of the 1000 bytes"):
        transport.push(io.BytesIO(sample_bytes(1000)), TARGET)


def test_a_progress_callback_may_stop_a_copy(start_daemon: Start, connect_to: Connect) -> None:
    transport = connect_to(start_daemon())

    def stop(_moved: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        transport.push(io.BytesIO(sample_bytes(5_000_000)), TARGET, progress=stop)
    assert transport.run(Command("echo", "still here")).ok


class TestInstalling:
    def test_the_apk_arrives_whole_through_abb_exec(self, start_daemon: Start, connect_to: Connect) -> None:
        daemon, apk = start_daemon(), build_apk(ApkRecipe(padding_bytes=3_000_000))
        connect_to(daemon).install([apk], grant_all=True)
        size = apk.stat().st_size
        assert daemon.seen.services == [f"abb_exec:package\0install\0-r\0--user\x000\0-g\0-S\0{size}"]
        assert daemon.seen.installed == apk.read_bytes()

    @pytest.mark.parametrize("fault", ["refused", "opened_then_closed"])
    def test_abb_exec_advertised_and_then_closed_falls_back_to_exec(
        self, start_daemon: Start, connect_to: Connect, fault: str
    ) -> None:
        daemon, apk = start_daemon(**{fault: ("abb_exec:",)}), build_apk()
        connect_to(daemon).install([apk])
        assert [service.partition(":")[0] for service in daemon.seen.services] == ["abb_exec", "exec"]
        assert daemon.seen.installed == apk.read_bytes()

    def test_without_streaming_the_apk_is_pushed_and_its_copy_removed(
        self, start_daemon: Start, connect_to: Connect
    ) -> None:
        daemon, apk = start_daemon(**LEGACY), build_apk()
        pm_script(daemon, "getprop", "echo 22")
        pm_script(daemon, "pm", f'echo "$1 $2" > {daemon.root}/asked; cat "$3" > {daemon.root}/got; echo Success')
        connect_to(daemon).install([apk], grant_all=True)
        assert (daemon.root / "got").read_bytes() == apk.read_bytes()
        assert (daemon.root / "asked").read_text() == "install -r\n"
        assert list((daemon.root / "data/local/tmp").iterdir()) == []

    def test_a_refused_pushed_apk_is_removed_too(self, start_daemon: Start, connect_to: Connect) -> None:
        daemon = start_daemon(**LEGACY)
        pm_script(daemon, "pm", "echo '\tpkg: x'; echo 'Failure [INSTALL_FAILED_OLDER_SDK]'")
        with pytest.raises(InstallRefused, match="too old") as caught:
            connect_to(daemon).install([build_apk()])
        assert caught.value.code == "INSTALL_FAILED_OLDER_SDK"
        assert list((daemon.root / "data/local/tmp").iterdir()) == []

    def test_an_install_that_ends_without_an_answer_is_unknown(self, start_daemon: Start, connect_to: Connect) -> None:
        daemon = start_daemon(answer_to_install=b"")
        pm_script(daemon, "pm", "exit 0")
        transport = connect_to(daemon)
        with pytest.raises(LinkLost, match="app list"):
            transport.install([build_apk()])

    def test_an_app_refused_while_it_is_sent_gives_the_reason(self, start_daemon: Start, connect_to: Connect) -> None:
        answer = b"Failure [INSTALL_FAILED_INSUFFICIENT_STORAGE: Failed to free 900]\n"
        transport = connect_to(start_daemon(answer_to_install=answer))
        with pytest.raises(InstallRefused, match="tablet is full") as caught:
            transport.install([build_apk()])
        assert caught.value.detail == "Failed to free 900"


class TestConnecting:
    def test_an_accepted_key_connects(self, start_daemon: Start, connect_to: Connect) -> None:
        assert connect_to(start_daemon(asks_for_key=True)).run(Command("true")).ok

    def test_a_key_not_accepted_is_told_quickly_with_its_fingerprint(
        self, start_daemon: Start, bench_key: BenchKey
    ) -> None:
        daemon, prompts, before = start_daemon(asks_for_key=True, authorised=False), [], time.monotonic()
        with pytest.raises(NotAuthorised, match="tap Allow") as caught:
            connect_tcp(
                "127.0.0.1", daemon.port, signer=bench_key, auth_wait_seconds=0.2, on_prompt=lambda: prompts.append(1)
            )
        assert bench_key.fingerprint in str(caught.value)
        assert prompts == [1]
        assert time.monotonic() - before < 3

    def test_a_closed_port_cannot_be_connected(self, bench_key: BenchKey) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        with pytest.raises(CannotConnect, match=f"tcp:127.0.0.1:{port}"):
            connect_tcp("127.0.0.1", port, signer=bench_key)

    def test_a_silent_server_is_given_up(self, bench_key: BenchKey) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener, pytest.raises(CannotConnect):
            connect_tcp("127.0.0.1", listener.getsockname()[1], signer=bench_key, timeout_seconds=0.1)

    @pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\nhello", b"", b"\xff" * 24, b"CNXN"])
    def test_a_server_that_is_no_adb_daemon_cannot_be_connected(self, bench_key: BenchKey, greeting: bytes) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            answering = threading.Thread(target=_answer_once, args=(listener, greeting))
            answering.start()
            with pytest.raises(CannotConnect):
                connect_tcp("127.0.0.1", listener.getsockname()[1], signer=bench_key, timeout_seconds=2)
            answering.join(5)

    def test_a_wireless_debugging_port_says_that_an_adb_server_can_reach_it(
        self, start_daemon: Start, bench_key: BenchKey
    ) -> None:
        with pytest.raises(CannotConnect, match=r"adb pair.*adb connect.*adb:HOST:PORT"):
            connect_tcp("127.0.0.1", start_daemon(asks_for_tls=True).port, signer=bench_key)


class TestRebooting:
    def test_it_waits_until_android_has_booted(self, start_daemon: Start, connect_to: Connect) -> None:
        daemon = start_daemon()
        pm_script(daemon, "pm", "echo package:/system/framework/framework-res.apk")
        pm_script(daemon, "getprop", f"test -e {daemon.root}/second && echo 1; : > {daemon.root}/second")
        connect_to(daemon).reboot_and_wait(timeout_seconds=10)
        assert daemon.seen.connections == 2
        assert sum("sys.boot_completed" in service for service in daemon.seen.services) == 2

    def test_a_tablet_that_never_finishes_booting_is_timed_out(self, start_daemon: Start, connect_to: Connect) -> None:
        daemon = start_daemon()
        pm_script(daemon, "getprop", "echo")
        with pytest.raises(CommandTimedOut, match="has not finished starting"):
            connect_to(daemon).reboot_and_wait(timeout_seconds=0.5)

    def test_a_tablet_that_ignores_the_reboot_is_told(self, start_daemon: Start, connect_to: Connect) -> None:
        with pytest.raises(CommandTimedOut, match="link stayed up"):
            connect_to(start_daemon(stays_up=True)).reboot_and_wait(timeout_seconds=0.3)


def test_half_a_file_never_appears_under_its_name(start_daemon: Start, connect_to: Connect, tmp_path: Path) -> None:
    daemon = start_daemon()
    transport = connect_to(daemon)
    transport.push(io.BytesIO(sample_bytes(4_000_000)), TARGET)
    with pytest.raises(LinkLost):
        transport.pull(TARGET, tmp_path / "out", progress=lambda *_: daemon.drop_links())
    assert not list(tmp_path.glob("out*"))


def _answer_once(listener: socket.socket, greeting: bytes) -> None:
    wire, _ = listener.accept()
    with wire:
        wire.recv(4096)
        wire.sendall(greeting)
