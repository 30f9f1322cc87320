"""The real `adb` program drives `doorstep virtual tablet`, whose hands are a keyboard; and `tablet facts` reads it."""

from __future__ import annotations

import json
import random
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.apks import ApkRecipe, build_apk
from tests.fleet.cli.conftest import Installation
from tests.provisioning.virtual.adb_program import AdbProgram, free_port

Start = Callable[..., subprocess.Popen[str]]


@dataclass
class Tablet:
    """A tablet served by the command, and whoever sits at its keyboard."""

    process: subprocess.Popen[str]
    port: int
    said: list[str] = field(default_factory=list)
    _told: threading.Condition = field(default_factory=threading.Condition)

    @property
    def serial(self) -> str:
        return f"127.0.0.1:{self.port}"

    def listen(self) -> None:
        """Keep what it prints, line by line, until it ends."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._told:
                self.said.append(line)
                self._told.notify_all()

    def type(self, deed: str) -> str:
        """Type one deed and wait for the line that says what is seen then."""
        assert self.process.stdin is not None
        before = len(self.said)
        self.process.stdin.write(f"{deed}\n")
        self.process.stdin.flush()
        return self.wait_for_line(before)

    def wait_for_line(self, number: int) -> str:
        with self._told:
            assert self._told.wait_for(lambda: len(self.said) > number, 60), self.said
            return self.said[number]


@pytest.fixture
def serve_tablet(started: Start, tmp_path: Path) -> Iterator[Callable[..., Tablet]]:
    """`serve_tablet()`: a tablet by the command, past its setup wizard and with debugging on."""
    listeners: list[threading.Thread] = []
    tablets: list[Tablet] = []

    def serve(*options: str) -> Tablet:
        port = free_port()
        words = ("virtual", "tablet", "--port", str(port), "--folder", str(tmp_path / "tablet"), *options)
        tablet = Tablet(started(*words, stdin=subprocess.PIPE), port)
        listeners.append(threading.Thread(target=tablet.listen))
        listeners[-1].start()
        tablets.append(tablet)
        assert f"answers ADB at {tablet.serial}" in tablet.wait_for_line(0)
        tablet.wait_for_line(1)
        return tablet

    yield serve
    for tablet in tablets:
        tablet.process.terminate()
    for listener in listeners:
        listener.join(timeout=20)
    assert [tablet.process.wait(timeout=20) for tablet in tablets] == [0] * len(tablets)


@pytest.fixture
def adb(tmp_path: Path) -> Iterator[AdbProgram]:
    program = AdbProgram(tmp_path / "home")
    yield program
    program.stop()


def test_the_real_adb_program_does_its_whole_work(
    serve_tablet: Callable[..., Tablet], adb: AdbProgram, tmp_path: Path
) -> None:
    tablet = serve_tablet()
    assert "USB debugging on" in switched_on(tablet)
    adb("connect", tablet.serial)
    adb.wait_for_state(tablet.serial, "unauthorized")
    assert "unauthorized" in adb("shell", "true", serial=tablet.serial).stderr
    tablet.type("accept")
    adb.wait_for_state(tablet.serial, "device")
    assert adb("shell", "exit 7", serial=tablet.serial).returncode == 7
    _there_and_back(adb, tablet, tmp_path)
    apk = build_apk(ApkRecipe(package="org.example.served"))
    assert "Success" in adb("install", apk, serial=tablet.serial).stdout
    listed = adb("shell", "pm", "list", "packages", "-3", serial=tablet.serial).stdout.splitlines()
    assert "package:org.example.served" in listed
    adb("reboot", serial=tablet.serial)
    adb("wait-for-disconnect", serial=tablet.serial)
    adb("connect", tablet.serial)
    adb.wait_for_state(tablet.serial, "device")
    assert "package:org.example.served" in adb("shell", "pm", "list", "packages", serial=tablet.serial).stdout


def switched_on(tablet: Tablet) -> str:
    tablet.type("setup")
    return tablet.type("debugging")


def _there_and_back(adb: AdbProgram, tablet: Tablet, folder: Path) -> None:
    sent, back = folder / "sent", folder / "back"
    sent.write_bytes(random.Random(11).randbytes(50_000_000))
    assert adb("push", sent, "/sdcard/Download/big", serial=tablet.serial).returncode == 0
    assert adb("pull", "/sdcard/Download/big", back, serial=tablet.serial).returncode == 0
    assert back.read_bytes() == sent.read_bytes()


def test_a_served_tablet_says_what_it_is_where_to_connect_and_how_to_end_it(
    serve_tablet: Callable[..., Tablet],
) -> None:
    tablet = serve_tablet("--hands")
    greeting = tablet.wait_for_line(0)
    for words in (
        "Virtual SM-X210 (Android 14), a tablet made of software",
        f"--connect tcp:{tablet.serial}",
        "A person made of software taps",
        "Type help",
        "Ctrl-C ends it.",
    ):
        assert words in greeting
    assert "tap Allow, always" in tablet.type("help")


def test_facts_of_a_served_tablet_are_read_as_json(
    serve_tablet: Callable[..., Tablet], doorstep: Installation, tmp_path: Path
) -> None:
    tablet = serve_tablet("--hands", "--serial", "VIRTFACTS01")
    switched_on(tablet)
    said = doorstep("tablet", "facts", "--connect", f"tcp:{tablet.serial}", "--json")
    assert said.code == 0, said.words
    facts = said.json
    assert "VIRTFACTS01" in json.dumps(facts)
    assert "Tap Allow on the tablet." in said.words
    again = doorstep("tablet", "facts", "--connect", f"tcp:{tablet.serial}")
    assert (again.code, "0 of them could not be read" in again.out) == (0, True)


def test_an_armed_fault_takes_its_number(serve_tablet: Callable[..., Tablet], doorstep: Installation) -> None:
    tablet = serve_tablet("--hands", "--fault", "drop_after=3000")
    switched_on(tablet)
    said = doorstep("tablet", "facts", "--connect", f"tcp:{tablet.serial}", "--json")
    assert (said.code, said.out) == (3, "")


def test_an_unknown_fault_lists_the_faults_there_are(doorstep: Installation) -> None:
    for given in ("nonsense", "slow=soon"):
        said = doorstep("virtual", "tablet", "--fault", given)
        assert said.code == 1
        assert "drop_after" in said.words


def test_a_model_that_is_not_made_is_refused(doorstep: Installation) -> None:
    said = doorstep("virtual", "tablet", "--model", "nokia-3310")
    assert (said.code, "nokia-3310" in said.words) == (1, True)


def test_models_are_listed_for_people_and_for_programs(doorstep: Installation) -> None:
    listed = doorstep("virtual", "models", "--json").json
    assert all(each["model"].startswith("Virtual") for each in listed)
    assert {"9", "15"} <= {each["android"] for each in listed}
    assert listed[0]["name"] in doorstep("virtual", "models").out


def test_nothing_at_an_address_is_unreachable_and_a_bad_address_is_said_so(doorstep: Installation) -> None:
    away = doorstep("tablet", "facts", "--connect", f"tcp:127.0.0.1:{free_port()}", "--json")
    assert (away.code, away.out) == (3, "")
    bad = doorstep("tablet", "facts", "--connect", "carrier pigeon", "--json")
    assert bad.code in (1, 2)
    assert "carrier pigeon" in bad.words
