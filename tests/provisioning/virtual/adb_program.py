"""The real `adb` program with a server, a home and a key of its own, for judging the virtual tablet."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from pathlib import Path

TIMEOUT_SECONDS = 60
POLL_SECONDS = 0.05


def free_port() -> int:
    """A free port that is none of those an adb server scans for emulators (5555 to 5585)."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        if not 5554 <= port <= 5585:
            return port


class AdbProgram:
    """Runs `adb` with its own server."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True)
        self.environment = {
            **os.environ,
            "HOME": str(home),
            "ANDROID_ADB_SERVER_PORT": str(free_port()),
            "TMPDIR": str(home),
        }

    def __call__(self, *words: str | Path, serial: str = "") -> subprocess.CompletedProcess[str]:
        """Run one adb command and wait for it; never raises for a bad exit code."""
        select = ["-s", serial] if serial else []
        return subprocess.run(
            ["adb", *select, *map(str, words)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )

    def connect_to(self, serial: str) -> None:
        """Connect once the tablet's daemon listens: the program tries once. Raises AssertionError after a while."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while "connected to" not in (said := self("connect", serial).stdout):
            assert time.monotonic() < deadline, said
            time.sleep(POLL_SECONDS)

    def state(self, serial: str) -> str:
        """What `adb devices` says of the tablet; empty when it is not listed."""
        for line in self("devices").stdout.splitlines()[1:]:
            name, _, state = line.partition("\t")
            if name == serial:
                return state
        return ""

    def wait_for_state(self, serial: str, wanted: str) -> None:
        """Wait until `adb devices` says `wanted` of the tablet. Raises AssertionError after a while."""
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while (state := self.state(serial)) != wanted:
            assert time.monotonic() < deadline, f"{serial} is '{state}', not '{wanted}'"
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        self("kill-server")
