"""A virtual tablet on a loopback port, set up and with debugging on, whose person taps Allow whenever it is asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from provisioning.virtual import person
from provisioning.virtual.serve import listening
from provisioning.virtual.tablet import VirtualTablet


@contextmanager
def tablet_on_a_port(directory: Path, personality: str) -> Iterator[tuple[VirtualTablet, int]]:
    tablet = VirtualTablet.open(directory, personality, boot_seconds=0.1)
    try:
        person.finish_setup_wizard(tablet)
        person.switch_on_debugging(tablet)
        with listening(tablet) as port, _somebody_who_allows(tablet):
            yield tablet, port
    finally:
        tablet.close()


@contextmanager
def _somebody_who_allows(tablet: VirtualTablet) -> Iterator[None]:
    gone = threading.Event()

    def look_at_the_screen() -> None:
        while not gone.is_set():
            tablet.wait_for(lambda: gone.is_set() or tablet.prompt is not None)
            tablet.answer_prompt(allow=True, always=True)

    watcher = threading.Thread(target=look_at_the_screen, name="person at the tablet")
    watcher.start()
    try:
        yield
    finally:
        gone.set()
        tablet.nudge()
        watcher.join(5)
