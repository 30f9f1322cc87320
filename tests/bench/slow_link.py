"""All facts of a tablet over a link with 100 ms there and back: how long the one reading takes, and in how many trips.

A proxy on the loopback holds every byte back for 50 ms each way and lets any number of them travel at once, as a long
wire does. Connecting is timed apart: a bench connects once and then reads.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from provisioning.facts.catalogue import ALL
from provisioning.facts.reading import read_facts
from provisioning.transports.adb_tcp import connect_tcp
from provisioning.transports.keys import load_or_make_key
from tests.contracts.tablets import tablet_on_a_port
from tests.provisioning.benchtop import Tap

MODELS = ("samsung-tab-a9-14", "lenovo-tab-m10-9", "legacy-tablet-7")
DELAY_SECONDS = 0.05
ROUNDS = 5
TARGET_SECONDS = 1.2
READ_BYTES = 1 << 16


@contextlib.contextmanager
def delayed(port: int) -> Iterator[int]:
    """A port that leads to `port` with `DELAY_SECONDS` added each way."""
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(lambda near, back: _join(near, back, port), "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield int(server.sockets[0].getsockname()[1])
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        server.close()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        loop.close()


async def _join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, port: int) -> None:
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
    with contextlib.suppress(ConnectionError, asyncio.CancelledError):
        await asyncio.gather(_carry(reader, far_writer), _carry(far_reader, writer))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    loop = asyncio.get_running_loop()
    while data := await reader.read(READ_BYTES):
        loop.call_later(DELAY_SECONDS, writer.write, data)
    loop.call_later(DELAY_SECONDS, writer.close)


def measure(folder: Path, model: str) -> tuple[float, float, int]:
    """Median seconds of connecting and of reading all facts, and the shell commands one reading took."""
    key = load_or_make_key(folder / "key")
    connecting, reading, commands = [], [], 0
    with tablet_on_a_port(folder / model, model) as (_, port):
        connect_tcp("127.0.0.1", port, signer=key, auth_wait_seconds=30).close()
        with delayed(port) as slow_port:
            for _ in range(ROUNDS):
                began = time.perf_counter()
                with contextlib.closing(connect_tcp("127.0.0.1", slow_port, signer=key)) as transport:
                    connecting.append(time.perf_counter() - began)
                    counted = Tap(transport)
                    began = time.perf_counter()
                    seen = read_facts(counted, ALL)
                    reading.append(time.perf_counter() - began)
                    commands = len(counted.calls)
                    if len(seen.readings) != len(ALL):
                        raise RuntimeError("a fact is missing")
    return median(connecting), median(reading), commands


def main() -> int:
    """Print the figures; the exit code is 1 where a reading takes longer than the target."""
    missed = False
    lines = [f"slow link: all {len(ALL)} facts over a link of {DELAY_SECONDS * 2000:.0f} ms, medians of {ROUNDS}"]
    with tempfile.TemporaryDirectory() as name:
        for model in MODELS:
            connecting, reading, commands = measure(Path(name), model)
            met = reading <= TARGET_SECONDS
            missed |= not met
            lines.append(
                f"  {'met' if met else 'MISSED':6}  {model:20} {reading:.2f} s in {commands} shell command"
                f"{'s' if commands != 1 else ''}; connecting took {connecting:.2f} s"
            )
    sys.stdout.write("\n".join(lines) + "\n")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
