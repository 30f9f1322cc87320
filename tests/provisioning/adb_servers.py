"""A real adb server on a private port, with a home of its own, started for the tests and stopped by them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.provisioning.virtual.adb_program import AdbProgram


@dataclass(frozen=True)
class RunningServer:
    program: AdbProgram

    @property
    def port(self) -> int:
        return int(self.program.environment["ANDROID_ADB_SERVER_PORT"])

    @contextmanager
    def attached(self, port: int) -> Iterator[str]:
        """Let it connect to the tablet on this port; the address by which it is reached."""
        serial = f"127.0.0.1:{port}"
        self.program("connect", serial)
        try:
            yield f"adb:127.0.0.1:{self.port}/{serial}"
        finally:
            self.program("disconnect", serial)


@contextmanager
def running_adb_server(folder: Path) -> Iterator[RunningServer]:
    program = AdbProgram(folder / "home")
    program("start-server")
    try:
        yield RunningServer(program)
    finally:
        program.stop()
