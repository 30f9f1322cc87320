"""Where a demonstration keeps its things, and whether an earlier one was interrupted."""

from __future__ import annotations

import json
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

EMULATOR_PORTS = range(5554, 5587)
"""Any adb server looks for emulators here, and would see a virtual tablet twice (adb's own port scan)."""


@dataclass(frozen=True)
class DemoFolder:
    """The folder a demonstration lives in; everything in it is invented."""

    root: Path

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def tablets(self) -> Path:
        return self.root / "tablets"

    @property
    def report(self) -> Path:
        return self.root / "report.json"

    @property
    def labels(self) -> Path:
        return self.root / "labels.pdf"

    @property
    def certificates(self) -> Path:
        return self.root / "certificates"

    @property
    def server_log(self) -> Path:
        return self.root / "server.log"

    @property
    def _finished(self) -> Path:
        return self.root / "finished"

    @property
    def _ports(self) -> Path:
        return self.root / "ports.json"

    def begin(self) -> bool:
        """Make the folder ready. True when an interrupted demonstration is there to go on with."""
        interrupted = self._ports.exists() and not self._finished.exists()
        if not interrupted and self.root.exists():
            shutil.rmtree(self.root)
        for folder in (self.root, self.data, self.tablets, self.certificates):
            folder.mkdir(parents=True, exist_ok=True)
        return interrupted

    def finish(self) -> None:
        """Say that the month was played to its end, so that the next one starts afresh."""
        self._finished.write_text("finished\n")

    def ports(self, count: int) -> list[int]:
        """`count` free ports, the same ones again when a demonstration goes on."""
        if self._ports.exists():
            kept: list[int] = json.loads(self._ports.read_text())
            return kept
        chosen = free_ports(count)
        staged = self._ports.with_suffix(".new")
        staged.write_text(json.dumps(chosen))
        staged.replace(self._ports)
        return chosen


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, none where adb looks for emulators."""
    chosen: list[int] = []
    sockets = []
    while len(chosen) < count:
        probe = socket.socket()
        probe.bind(("127.0.0.1", 0))
        sockets.append(probe)
        if probe.getsockname()[1] not in EMULATOR_PORTS:
            chosen.append(probe.getsockname()[1])
    for each in sockets:
        each.close()
    return chosen
