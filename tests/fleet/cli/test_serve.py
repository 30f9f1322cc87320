"""`doorstep serve` as a process: what it refuses, what it serves, and how it and its worker end together."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.fleet.cli.conftest import Installation

Start = Callable[..., subprocess.Popen[str]]
PATIENCE_SECONDS = 60
PROMPTLY_SECONDS = 20
"""Longer than a calm machine needs (about two), for one that is busy with other tests."""


def eventually(what: str, condition: Callable[[], object], seconds: float = PATIENCE_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"it did not come to pass in time that {what}"
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    """The processes that this one started."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = status.read_text().rpartition(")")[2].split()[1]
            if int(parent) == pid:
                found.append(int(status.parent.name))
    return found


def is_running(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.fixture
def served(doorstep: Installation, started: Start) -> tuple[subprocess.Popen[str], str]:
    """A server with its worker, and its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    doorstep.settings["DOORSTEP_LISTEN_PORT"] = str(port)
    server, address = started("serve"), f"http://127.0.0.1:{port}"
    eventually("it answers", lambda: server.poll() is not None or answers(f"{address}/sign-in"))
    assert server.poll() is None, server.communicate()
    return server, address


def answers(address: str) -> bool:
    try:
        with urlopen(address, timeout=10) as response:
            return bool(response.status == 200)
    except (URLError, ConnectionError, TimeoutError):
        return False


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_default_secret_is_refused_with_a_sentence(doorstep: Installation, command: str) -> None:
    doorstep.settings["DOORSTEP_SECRET_KEY"] = "change-me-before-serving"
    said = doorstep(command)
    assert said.code == 1
    assert "Set DOORSTEP_SECRET_KEY to a long random text" in said.words
    assert not (doorstep.folder / "var").exists()


def test_a_worker_that_was_killed_is_started_again_and_sigterm_ends_both(
    served: tuple[subprocess.Popen[str], str],
) -> None:
    server, address = served
    (worker,) = children(server.pid)
    os.kill(worker, signal.SIGKILL)
    eventually("another worker lives", lambda: set(children(server.pid)) - {worker})
    assert answers(f"{address}/sign-in")
    (another,) = children(server.pid)
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=PROMPTLY_SECONDS) == 0
    assert not is_running(another)


def test_a_server_that_was_killed_takes_its_worker_with_it(served: tuple[subprocess.Popen[str], str]) -> None:
    server, _ = served
    (worker,) = children(server.pid)
    server.kill()
    server.wait()
    eventually("the worker is gone", lambda: not is_running(worker), PROMPTLY_SECONDS)


def test_a_port_that_is_taken_is_said_so(doorstep: Installation, started: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        doorstep.settings["DOORSTEP_LISTEN_PORT"] = str(taken.getsockname()[1])
        server = started("serve")
        _, said = server.communicate(timeout=PATIENCE_SECONDS)
    assert server.returncode == 1
    assert "cannot be used" in said
    assert "Traceback" not in said
