"""Virtual tablets on ports, and the real `adb` program beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from provisioning.virtual import person
from provisioning.virtual.scripted import Script, ScriptedPerson
from provisioning.virtual.serve import listening
from provisioning.virtual.tablet import VirtualTablet
from tests.provisioning.virtual.adb_program import AdbProgram, free_port
from tests.provisioning.virtual.run import Ran, run_on


@dataclass(frozen=True)
class Served:
    """A tablet that listens."""

    tablet: VirtualTablet
    port: int

    @property
    def serial(self) -> str:
        """As adb names it."""
        return f"127.0.0.1:{self.port}"


Make = Callable[..., VirtualTablet]


@pytest.fixture
def make_tablet(tmp_path: Path) -> Iterator[Make]:
    """`make_tablet("samsung-tab-a9-14")`: a tablet past its setup wizard with debugging on, in a folder of its own."""
    with ExitStack() as stack:

        def make(personality: str = "samsung-tab-a9-14", *, name: str = "tablet", ready: bool = True) -> VirtualTablet:
            tablet = VirtualTablet.open(tmp_path / name, personality, serial="VIRTTEST0001", boot_seconds=0.02)
            stack.callback(tablet.close)
            if ready and not tablet.set_up:
                person.finish_setup_wizard(tablet)
                person.switch_on_debugging(tablet)
            return tablet

        yield make


@pytest.fixture
def run(make_tablet: Make) -> Callable[..., Ran]:
    """`run("pm list users", "nokia-t20-12")`: the answer of one script on the test's tablet of that model."""
    tablets: dict[str, VirtualTablet] = {}

    def run_script(script: str, personality: str = "samsung-tab-a9-14") -> Ran:
        if personality not in tablets:
            tablets[personality] = make_tablet(personality, name=personality)
        return run_on(tablets[personality], script)

    return run_script


@pytest.fixture
def serve(make_tablet: Make) -> Iterator[Callable[..., Served]]:
    """`serve("lenovo-tab-m10-9")`: a listening tablet; `person=Script()` puts somebody beside it."""
    with ExitStack() as stack:

        def start(personality: str = "samsung-tab-a9-14", *, person: Script | None = None) -> Served:
            tablet = make_tablet(personality)
            port = stack.enter_context(listening(tablet, port=free_port()))
            if person is not None:
                stack.enter_context(ScriptedPerson(tablet, person))
            return Served(tablet, port)

        yield start


@pytest.fixture(scope="session")
def adb_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AdbProgram]:
    program = AdbProgram(tmp_path_factory.mktemp("adb") / "home")
    yield program
    program.stop()


@pytest.fixture
def adb(adb_server: AdbProgram) -> Iterator[AdbProgram]:
    """The adb program with its one server and key; links made by the test are dropped afterwards."""
    yield adb_server
    adb_server("disconnect")
