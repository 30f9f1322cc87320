"""Daemons that are not ours: old, sloppy, or promising what they then refuse. All of the work is done with each."""

from __future__ import annotations

import io
from typing import Any

import pytest

from provisioning.command import Command
from provisioning.errors import LinkLost
from provisioning.transports.base import ShellResult
from tests.apks import build_apk
from tests.contracts.transport_contract import sample_bytes
from tests.provisioning.transports.conftest import Connect, Start
from tests.provisioning.transports.daemon import Daemon

OLD = {"version": 0x01000000, "max_payload": 4096}
TARGET = "/data/local/tmp/file"

MANNERS: dict[str, dict[str, Any]] = {
    "protocol 0x01000000, 4 KiB packets, sums enforced, no features": {**OLD, "features": ""},
    "the same behind a terminal, closing with arg0 = 0": {
        **OLD, "features": None, "terminal_newlines": True, "closes_with_zero": True,
    },
    "the same, answering CLSE twice": {**OLD, "features": "", "closes_twice": True},
    "old protocol with new features": {**OLD},
    "a banner without a list of features": {"features": None},
    "CLSE answered twice": {"closes_twice": True},
    "CLSE with arg0 = 0": {"closes_with_zero": True},
    "no sum anywhere, not even in the greeting": {"sums_nothing": True},
    "shell_v2 promised and refused": {"refused": ("shell,v2",)},
    "shell_v2 promised, opened and closed": {"opened_then_closed": ("shell,v2",)},
    "abb_exec promised and refused": {"refused": ("abb_exec:",)},
    "abb_exec promised, opened and closed": {"opened_then_closed": ("abb_exec:",)},
    "abb_exec and cmd promised and refused": {"refused": ("abb_exec:", "exec:")},
    "abb_exec and cmd promised, opened and closed": {"opened_then_closed": ("abb_exec:", "exec:")},
    "everything promised and refused": {"refused": ("shell,v2", "abb_exec:", "exec:"), "closes_twice": True},
}  # fmt: skip


def with_package_manager(daemon: Daemon) -> None:
    for name, body in {
        "pm": f'test "$1" = install && cat "$3" > {daemon.root}/got && echo Success',
        "getprop": "echo 28",
    }.items():
        script = daemon.root / "bin" / name
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)


def installed(daemon: Daemon) -> bytes:
    pushed = daemon.root / "got"
    return pushed.read_bytes() if pushed.exists() else daemon.seen.installed


@pytest.mark.parametrize("manners", MANNERS.values(), ids=MANNERS.keys())
def test_commands_copies_and_installs_work_with(
    start_daemon: Start, connect_to: Connect, manners: dict[str, Any]
) -> None:
    daemon, apk, data, back = start_daemon(**manners), build_apk(), sample_bytes(150_001), io.BytesIO()
    with_package_manager(daemon)
    transport = connect_to(daemon)
    assert transport.run(Command("echo out; exit 7")) == ShellResult(7, "out\n", "")
    transport.push(io.BytesIO(data), TARGET)
    transport.pull(TARGET, back)
    assert back.getvalue() == data
    transport.install([apk])
    assert installed(daemon) == apk.read_bytes()
    assert transport.run(Command("echo", "still here")).stdout == "still here\n"


class TestServicesThatArePromisedAndRefused:
    def test_a_refused_service_is_asked_for_once_on_a_link(self, start_daemon: Start, connect_to: Connect) -> None:
        daemon = start_daemon(refused=("shell,v2", "abb_exec:"))
        transport = connect_to(daemon)
        for _ in range(3):
            transport.run(Command("true"))
            transport.install([build_apk()])
        asked = [service.partition(":")[0] for service in daemon.seen.services]
        assert asked.count("shell,v2,raw") == asked.count("abb_exec") == 1
        assert transport.features == {"cmd", "stat_v2"}

    def test_a_shell_that_only_opens_and_closes_is_found_out_by_an_echo(
        self, start_daemon: Start, connect_to: Connect
    ) -> None:
        daemon = start_daemon(opened_then_closed=("shell,v2",))
        transport = connect_to(daemon)
        assert transport.run(Command("exit 5")).exit_code == 5
        assert transport.run(Command("exit 6")).exit_code == 6
        kinds = [service.partition(":")[0] for service in daemon.seen.services]
        assert kinds == ["shell,v2,raw", "shell,v2,raw", "shell", "shell"]

    def test_a_command_that_did_run_is_not_run_again_because_its_answer_was_cut(
        self, start_daemon: Start, connect_to: Connect
    ) -> None:
        daemon = start_daemon(cut_exit_code=True)
        transport = connect_to(daemon)
        with pytest.raises(LinkLost, match="not known"):
            transport.run(Command(f"echo once >> {daemon.root}/ran"))
        assert (daemon.root / "ran").read_text() == "once\n"


class TestLongCommands:
    def test_a_command_too_long_for_an_old_daemon_goes_as_a_file_that_is_gone_afterwards(
        self, start_daemon: Start, connect_to: Connect
    ) -> None:
        daemon = start_daemon(**OLD, features="")
        result = connect_to(daemon).run(Command("echo", "x" * 6000, "; exit 9"))
        assert result == ShellResult(9, "x" * 6000 + "\n", "")
        assert list((daemon.root / "data/local/tmp").iterdir()) == []

    def test_a_long_command_that_was_never_run_leaves_no_file(self, start_daemon: Start, connect_to: Connect) -> None:
        daemon = start_daemon(**OLD, features="", full_after_bytes=1)
        with pytest.raises(Exception, match="storage is full"):
            connect_to(daemon).run(Command("echo", "x" * 6000))
        assert list((daemon.root / "data/local/tmp").iterdir()) == []
