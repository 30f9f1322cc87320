"""Twelve tablets at once, four apps (150 MB) and forty settings each: our engine beside `adb` and `xargs -P`.

Every tablet is a process of its own. Both sides begin with tablets fresh from the same wipe, by turns. The script only
writes; our side plans, refuses a tablet that changed, reads back after every step and verifies. Then the engine meets
the tablets it has just made right a second time.
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median

from provisioning.engine.apply import apply
from provisioning.engine.observe import observe_for
from provisioning.engine.plan import plan
from provisioning.engine.verify import verify
from provisioning.facts.settings import Namespace
from provisioning.profiles.profile import Profile
from provisioning.resources.app import AppInstalled
from provisioning.resources.setting import Setting
from provisioning.transports.adb_tcp import connect_tcp
from provisioning.transports.keys import BenchKey, load_or_make_key
from provisioning.virtual import person
from provisioning.virtual.tablet import VirtualTablet
from tests.apks import ApkRecipe, build_apk
from tests.provisioning.benchtop import Tap
from tests.provisioning.virtual.adb_program import AdbProgram, free_port

MODEL = "lenovo-tab-m8-13"
TABLETS = 12
APPS = 4
BYTES_PER_TABLET = 150_000_000
SETTINGS = 40
ROUNDS = 5
TARGET_RATIO = 0.8
MOST_ROUND_TRIPS = 3

SERVE = """
import sys
from pathlib import Path
from provisioning.virtual.scripted import Script
from provisioning.virtual.serve import serve_tablet
serve_tablet(Path(sys.argv[1]), "", port=int(sys.argv[2]), script=Script(delay_seconds=0), boot_seconds=0.1,
             say=lambda line: print(line, flush=True))
"""


def apps() -> Mapping[str, Sequence[Path]]:
    """Real signed APKs, `BYTES_PER_TABLET` of them together."""
    names = [f"org.example.bench{number}" for number in range(APPS)]
    return {name: (build_apk(ApkRecipe(package=name, padding_bytes=BYTES_PER_TABLET // APPS)),) for name in names}


def profile() -> Profile:
    """`APPS` apps and `SETTINGS` settings, none of which a tablet has after a wipe."""
    installed = [
        AppInstalled(package=name, title=name, min_version=1, min_sdk=24, reason="Measured", source="tests/bench")
        for name in apps()
    ]
    settings = [
        Setting(
            namespace=Namespace.GLOBAL,
            key=f"doorstep_bench_{number}",
            value=str(number),
            means=f"Figure {number} is set",
            reason="Measured",
            source="tests/bench",
        )
        for number in range(SETTINGS)
    ]
    return Profile("bench", 1, "Bench", "What the benchmark puts on a tablet.", (*installed, *settings))


def script(folder: Path) -> Path:
    """What a technician at a shell would write for one tablet, named by its address."""
    lines = ["set -e"]
    lines += [f'adb -s "$1" install "{apks[0]}"' for apks in apps().values()]
    lines += [f'adb -s "$1" shell settings put global doorstep_bench_{number} {number}' for number in range(SETTINGS)]
    path = folder / "provision.sh"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@contextlib.contextmanager
def tablets(folder: Path) -> Iterator[list[int]]:
    """Twelve tablets fresh from a wipe, each a process of its own on a port."""
    running: list[subprocess.Popen[str]] = []
    ports = []
    try:
        for number in range(TABLETS):
            place, port = folder / f"tablet-{number}", free_port()
            tablet = VirtualTablet.open(place, MODEL, serial=f"VIRTBENCH{number:02}", boot_seconds=0.1)
            person.finish_setup_wizard(tablet)
            person.switch_on_debugging(tablet)
            tablet.close()
            command = [sys.executable, "-c", SERVE, str(place), str(port)]
            running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            ports.append(port)
        for served in running:
            assert served.stdout is not None
            served.stdout.readline()
        yield ports
    finally:
        for served in running:
            served.terminate()
        for served in running:
            served.wait(30)
            assert served.stdout is not None
            served.stdout.close()
        shutil.rmtree(folder)


def ours(ports: Sequence[int], key: BenchKey) -> None:
    """Plan, apply and verify on all tablets at once. Raises where one does not pass."""
    wanted, files = profile(), apps()

    def provision(port: int) -> bool:
        with contextlib.closing(connect_tcp("127.0.0.1", port, signer=key, auth_wait_seconds=30)) as transport:
            made = plan(wanted, observe_for(transport, wanted))
            apply(transport, made, wanted, apps=files)
            return verify(transport, wanted).passed

    with ThreadPoolExecutor(len(ports)) as pool:
        if not all(pool.map(provision, ports)):
            raise RuntimeError("a tablet did not pass")


def theirs(ports: Sequence[int], program: AdbProgram, folder: Path) -> None:
    """The shell script on all tablets at once, with the adb program. Raises where it fails."""
    addresses = [f"127.0.0.1:{port}" for port in ports]
    for address in addresses:
        program("connect", address)
    for address in addresses:
        program.wait_for_state(address, "device")
    subprocess.run(
        ["xargs", "-P", str(TABLETS), "-n", "1", "sh", str(script(folder))],
        input="\n".join(addresses),
        env=program.environment,
        stdout=subprocess.DEVNULL,
        text=True,
        check=True,
    )


def again(ports: Sequence[int], folder: Path, key: BenchKey) -> tuple[int, bool]:
    """The most round trips a tablet that is right already took, and whether anything was written to any of them."""
    wanted, trips = profile(), []
    before = contents(folder)
    for port in ports:
        with contextlib.closing(connect_tcp("127.0.0.1", port, signer=key, auth_wait_seconds=30)) as transport:
            counted = Tap(transport)
            made = plan(wanted, observe_for(counted, wanted))
            apply(counted, made, wanted, apps=apps())
            if made.steps or not verify(counted, wanted).passed:
                raise RuntimeError("a tablet that was right was found wrong")
            trips.append(len(counted.calls))
    return max(trips), contents(folder) != before


def contents(folder: Path) -> str:
    """A digest of the names, sizes and times of everything on the tablets; what only watches them is left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in {"wire.jsonl", "lock"}:
            seen = path.stat()
            digest.update(f"{path} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def measure(folder: Path) -> tuple[list[tuple[float, float]], int, bool]:
    key, program = load_or_make_key(folder / "key"), AdbProgram(folder / "home")
    pairs, trips, wrote = [], 0, False
    try:
        for number in range(ROUNDS):
            with tablets(folder / f"ours-{number}") as ports:
                began = time.perf_counter()
                ours(ports, key)
                mine = time.perf_counter() - began
                if number == 0:
                    trips, wrote = again(ports, folder / "ours-0", key)
            with tablets(folder / f"theirs-{number}") as ports:
                began = time.perf_counter()
                theirs(ports, program, folder)
                pairs.append((mine, time.perf_counter() - began))
    finally:
        program.stop()
    return pairs, trips, wrote


def main() -> int:
    """Print the figures; the exit code is 1 where a target is missed."""
    apps()
    with tempfile.TemporaryDirectory() as name:
        pairs, trips, wrote = measure(Path(name))
    ratio = median(mine / other for mine, other in pairs)
    mine, other = median(mine for mine, _ in pairs), median(other for _, other in pairs)
    size = f"{APPS} apps of {BYTES_PER_TABLET // 1_000_000} MB and {SETTINGS} settings"
    rows = [
        (ratio <= TARGET_RATIO, f"{TABLETS} tablets, {size}: {mine:.1f} / {other:.1f} s, ratio {ratio:.2f}"),
        (trips <= MOST_ROUND_TRIPS, f"a tablet that is right already: {trips} round trips"),
        (not wrote, f"and {'something' if wrote else 'nothing'} is written to it"),
    ]
    lines = [f"twelve: ours / a shell script with adb and xargs -P {TABLETS}, medians of {ROUNDS} by turns"]
    lines += [f"  {'met' if met else 'MISSED':6}  {words}" for met, words in rows]
    sys.stdout.write("\n".join(lines) + "\n")
    return int(not all(met for met, _ in rows))


if __name__ == "__main__":
    sys.exit(main())
