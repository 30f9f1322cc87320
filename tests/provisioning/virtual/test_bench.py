"""The bench of six: what its tablets hold, that its people act, and that it comes back as it was."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.virtual import person
from provisioning.virtual.bench import VirtualBench
from provisioning.virtual.cast import DEMO_CAST, TabletCast
from provisioning.virtual.scripted import Script
from provisioning.virtual.tablet import Power
from tests.provisioning.virtual.raw_host import RawHost
from tests.provisioning.virtual.run import run_on

TWO = (
    TabletCast("one", "lenovo-tab-m10-9", "VIRTTEST0001"),
    TabletCast("two", "google-pixel-tablet-15", "VIRTTEST0002"),
)


def test_the_demo_cast_has_its_three_troubles_and_three_plain_tablets(tmp_path: Path) -> None:
    with VirtualBench.open(tmp_path, DEMO_CAST, boot_seconds=0.02) as bench:
        assert len(set(bench.addresses.values())) == 6
        tablets = {name: bench.slot(name).tablet for name in bench.addresses}
        assert run_on(tablets["account"], "dumpsys account --checkin | grep -c com.google,1").out == "1\n"
        assert "com.example.fleetcontrol" in run_on(tablets["owner"], "dumpsys device_policy").out
        assert "  level: 15\n" in run_on(tablets["battery"], "dumpsys battery").out
        for tablet in tablets.values():
            assert len(run_on(tablet, "ls /sdcard/DCIM/Camera").out.splitlines()) == 27
            assert "com.example.crossword" in run_on(tablet, "pm list packages -3").out


def test_a_person_at_the_bench_lets_a_tablet_be_wiped_and_reached_again(tmp_path: Path) -> None:
    with VirtualBench.open(tmp_path, TWO, boot_seconds=0.02, script=Script(delay_seconds=0.01)) as bench:
        tablet = bench.slot("two").tablet
        before = tablet.content.android_id
        with RawHost(bench.slot("two").port) as host:
            host.online()
            host.shell("am start -a com.android.settings.action.FACTORY_RESET")
            assert tablet.wait_for(lambda: tablet.content.android_id != before, 10)
        assert tablet.wait_for(lambda: tablet.power is Power.ON and tablet.reachable, 10)
        assert tablet.content.trusted_keys == []
        assert "com.example.crossword" in bench.slot("one").tablet.content.packages


def test_a_bench_opened_again_is_as_it_was_left(tmp_path: Path) -> None:
    with VirtualBench.open(tmp_path, TWO, boot_seconds=0.02) as bench:
        addresses = bench.addresses
        person.charge_to(bench.slot("one").tablet, 44)
        android_id = bench.slot("one").tablet.content.android_id
    with VirtualBench.open(tmp_path, TWO, boot_seconds=0.02) as again:
        assert again.addresses == addresses
        assert again.slot("one").tablet.state.body.battery.level == 44
        assert again.slot("one").tablet.content.android_id == android_id


def test_closing_a_bench_leaves_no_thread_behind(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with VirtualBench.open(tmp_path, TWO, boot_seconds=0.02) as bench, RawHost(bench.slot("one").port) as host:
        host.online()
        host.open("shell:cat")
    assert set(threading.enumerate()) == before


SERVE = """
import sys
from pathlib import Path
from provisioning.virtual.scripted import Script
from provisioning.virtual.serve import serve_tablet
script = Script() if sys.argv[2] == "scripted" else None
say = lambda text: print(text, flush=True)
serve_tablet(Path(sys.argv[1]), "nokia-t20-12", script=script, keyboard=sys.stdin, say=say)
"""


@contextlib.contextmanager
def killed_at_the_end(served: subprocess.Popen[str]) -> Iterator[None]:
    """A test that fails must not wait for ever for what it has started."""
    try:
        yield
    finally:
        served.kill()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_served_tablet_says_where_it_listens_obeys_and_stops(tmp_path: Path, stop: signal.Signals) -> None:
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", SERVE, str(tmp_path / "tablet"), "by hand"]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=dict(os.environ)) as served,
        killed_at_the_end(served),
    ):
        assert served.stdin is not None
        assert served.stdout is not None
        assert served.stderr is not None
        assert "answers ADB at 127.0.0.1:" in served.stdout.readline()
        assert "USB debugging off, screen setup wizard" in served.stdout.readline()
        deeds = {
            "erase": "no Erase button",
            "debugging": "wizard is still up",
            "setup": "screen home",
            "charge x": "as in: charge 80",
        }
        for line, said in deeds.items():
            served.stdin.write(line + "\n")
            served.stdin.flush()
            assert said in served.stdout.readline()
        served.send_signal(stop)
        assert served.wait(10) == 0
        assert served.stderr.read() == ""
