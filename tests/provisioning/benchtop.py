"""A virtual tablet on a real socket with our own transport at the other end: what the bench works on in tests."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO

import provisioning.apps
from provisioning.command import Command
from provisioning.errors import CannotConnect, NotAuthorised
from provisioning.profiles.profile import Profile
from provisioning.transports.adb_tcp import connect_tcp
from provisioning.transports.adb_transport import AdbTransport
from provisioning.transports.base import Progress, ShellResult
from provisioning.transports.keys import BenchKey
from provisioning.virtual import person
from provisioning.virtual.serve import listening
from provisioning.virtual.tablet import VirtualTablet
from tests.apks import ApkRecipe, build_apk

BOOT_SECONDS = 0.15
"""Longer than the daemon's last words, so that no link of the life before a restart is taken for one after it."""
PATIENCE_SECONDS = 30
"""Bounds what comes at once on a quiet machine and late on a busy one."""


@dataclass
class Slot:
    """One place on the bench: the tablet in it, and how to reach it."""

    tablet: VirtualTablet
    port: int
    key: BenchKey
    opened: list[AdbTransport] = field(default_factory=list)
    prompts: int = 0

    def connect(self, *, allow: bool = True) -> AdbTransport:
        """A link to the tablet; a person taps Allow where the tablet asks, and `prompts` counts how often it did."""
        assert self.tablet.wait_for(lambda: self.tablet.reachable and self.tablet.power == "on", PATIENCE_SECONDS)
        for _ in range(100):  # the daemon opens its port a moment after the tablet says that it is on
            try:
                return self._connect(allow)
            except CannotConnect:
                self.tablet.wait_for(lambda: False, 0.02)
        return self._connect(allow)

    def _connect(self, allow: bool) -> AdbTransport:
        let_in = threading.Event()
        try:
            transport = connect_tcp(
                "127.0.0.1",
                self.port,
                signer=self.key,
                timeout_seconds=PATIENCE_SECONDS,
                auth_wait_seconds=PATIENCE_SECONDS if allow else 0.1,
                poll_seconds=0.02,
                on_prompt=partial(self._tap_allow, let_in) if allow else None,
            )
        finally:
            let_in.set()
            self.tablet.nudge()
        self.opened.append(transport)
        return transport

    def asked(self) -> bool:
        """Whether the tablet wants this bench's key accepted before it lets anybody in."""
        try:
            self.connect(allow=False)
        except NotAuthorised:
            return True
        return False

    def _tap_allow(self, let_in: threading.Event) -> None:
        """Tap until this link is let in: the first question may be left over from a link that is gone."""
        self.prompts += 1

        def tap() -> None:
            while not let_in.is_set():
                self.tablet.wait_for(lambda: let_in.is_set() or self.tablet.prompt is not None, PATIENCE_SECONDS)
                with contextlib.suppress(person.NotOnScreen):
                    if not let_in.is_set():
                        person.accept_key(self.tablet)

        threading.Thread(target=tap).start()

    def _wait_and_tap(self) -> None:
        if self.tablet.wait_for(lambda: self.tablet.prompt is not None, PATIENCE_SECONDS):
            person.accept_key(self.tablet)

    def set_up_again(self) -> None:
        """What the person at the bench does once a reset tablet has started: the wizard, then USB debugging."""
        assert self.tablet.wait_for(lambda: self.tablet.power == "on" and not self.tablet.set_up, 5)
        person.finish_setup_wizard(self.tablet)
        person.switch_on_debugging(self.tablet)


@contextlib.contextmanager
def slot(folder: Path, personality: str, key: BenchKey, *, serial: str = "VIRTSAMPLE1") -> Iterator[Slot]:
    """A tablet of this personality, set up and with USB debugging on, listening on a free port."""
    tablet = VirtualTablet.open(folder, personality, serial=serial, boot_seconds=BOOT_SECONDS)
    try:
        if not tablet.set_up:
            person.finish_setup_wizard(tablet)
            person.switch_on_debugging(tablet)
        with listening(tablet) as port:
            made = Slot(tablet, port, key)
            yield made
            for transport in made.opened:
                transport.close()
    finally:
        tablet.close()


def apps_for(profile: Profile) -> Mapping[str, Sequence[Path]]:
    """Real signed APKs for every app a profile installs: our own launcher is the one we ship."""
    shipped = {"org.doorstep.home": Path(provisioning.apps.__path__[0]) / "shipped" / "doorstep-home.apk"}
    return {package: (shipped.get(package) or build_apk(ApkRecipe(package=package)),) for package in profile.apps}


def without_waiting(_seconds: float) -> None:
    """Stands for `time.sleep`: a virtual tablet settles at once."""


@dataclass
class Tap:
    """A transport that counts what crosses it and can fail at a chosen moment, before or after the tablet has acted."""

    inner: AdbTransport
    on_call: Callable[[str, Callable[[], object]], object] = lambda name, act: act()
    calls: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.inner.address

    @property
    def features(self) -> frozenset[str]:
        return self.inner.features

    def _through(self, name: str, act: Callable[[], object]) -> object:
        self.calls.append(name)
        return self.on_call(name, act)

    def run(self, command: Command, *, timeout_seconds: float = 30.0) -> ShellResult:
        answer = self._through(command.sent(), lambda: self.inner.run(command, timeout_seconds=timeout_seconds))
        assert isinstance(answer, ShellResult)
        return answer

    def push(
        self, source: Path | BinaryIO, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> None:
        self._through(f"push {target}", lambda: self.inner.push(source, target, mode=mode, progress=progress))

    def pull(self, source: str, target: Path | BinaryIO, *, progress: Progress | None = None) -> None:
        self._through(f"pull {source}", lambda: self.inner.pull(source, target, progress=progress))

    def install(self, apks: Sequence[Path], *, grant_all: bool = False, progress: Progress | None = None) -> None:
        self._through("install", lambda: self.inner.install(apks, grant_all=grant_all, progress=progress))

    def reboot_and_wait(self, *, timeout_seconds: float = 600.0) -> None:
        self._through("reboot", lambda: self.inner.reboot_and_wait(timeout_seconds=timeout_seconds))

    def close(self) -> None:
        self.inner.close()
