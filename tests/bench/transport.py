"""How our ADB client compares with the real `adb` program on one virtual tablet: pushing, pulling, a shell command.

Everything is measured in one run against one tablet, so that the ratios mean something where the seconds do not. The
real program pays for starting a process with every command; what a bare process costs is measured and shown beside it.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from provisioning.command import Command
from provisioning.transports.adb_tcp import connect_tcp
from provisioning.transports.adb_transport import AdbTransport
from provisioning.transports.keys import load_or_make_key
from tests.contracts.tablets import tablet_on_a_port
from tests.provisioning.virtual.adb_program import AdbProgram

MODEL = "samsung-tab-a9-14"
MEGABYTES = 200
ROUNDS = 5
TARGET_RATIO = 1.0
PLACE = "/data/local/tmp/benchmark"


@dataclass(frozen=True)
class Figure:
    """Median seconds of one deed, ours and the real program's."""

    name: str
    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs


def seconds(deed: Callable[[], object]) -> float:
    began = time.perf_counter()
    deed()
    return time.perf_counter() - began


def compare(name: str, ours: Callable[[], object], theirs: Callable[[], object]) -> Figure:
    """Both by turns, `ROUNDS` times after one round that does not count, so that a busy moment hits both."""
    rounds = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS + 1)][1:]
    return Figure(name, median(mine for mine, _ in rounds), median(other for _, other in rounds))


def _ran(program: AdbProgram, *words: str | Path, serial: str) -> None:
    ended = program(*words, serial=serial)
    if ended.returncode:
        raise RuntimeError(f"adb {words[0]} failed: {ended.stderr.strip() or ended.stdout.strip()}")


def figures(folder: Path, transport: AdbTransport, program: AdbProgram, serial: str) -> list[Figure]:
    sent, back = folder / "sent", folder / "back"
    sent.write_bytes(random.Random(1).randbytes(MEGABYTES * 1_000_000))
    found = [
        compare(
            f"push {MEGABYTES} MB",
            lambda: transport.push(sent, PLACE),
            lambda: _ran(program, "push", sent, PLACE, serial=serial),
        ),
        compare(
            f"pull {MEGABYTES} MB",
            lambda: transport.pull(PLACE, back),
            lambda: _ran(program, "pull", PLACE, back, serial=serial),
        ),
        compare(
            "one shell command",
            lambda: transport.run(Command("echo", "one")),
            lambda: _ran(program, "shell", "echo one", serial=serial),
        ),
    ]
    if back.read_bytes() != sent.read_bytes():
        raise RuntimeError("what came back is not what was sent")
    return found


def report() -> list[str]:
    """The figures as lines for a person, each with whether its target is met."""
    with tempfile.TemporaryDirectory() as name, tablet_on_a_port(Path(name) / "tablet", MODEL) as (_, port):
        folder, serial = Path(name), f"127.0.0.1:{port}"
        program = AdbProgram(folder / "home")
        transport = connect_tcp("127.0.0.1", port, signer=load_or_make_key(folder / "key"), auth_wait_seconds=30)
        try:
            program("connect", serial)
            program.wait_for_state(serial, "device")
            bare = median(
                seconds(lambda: subprocess.run(["adb", "version"], capture_output=True)) for _ in range(ROUNDS)
            )
            found = figures(folder, transport, program, serial)
        finally:
            transport.close()
            program.stop()
    head = f"transport: one virtual tablet, medians of {ROUNDS}; ours / adb (starting adb alone: {bare * 1000:.0f} ms)"
    return [head, *(_line(figure) for figure in found)]


def _line(figure: Figure) -> str:
    met = "met" if figure.ratio <= TARGET_RATIO else "MISSED"
    times = f"{figure.ours * 1000:.1f} / {figure.theirs * 1000:.1f} ms"
    return f"  {met:6}  {figure.name:18} {times}, ratio {figure.ratio:.2f}"


def main() -> int:
    """Print the figures; the exit code is 1 where our client is slower than the real program."""
    lines = report()
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any("MISSED" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
