"""The Transport over any link that carries ADB's device protocol: TCP, a channel through a bench, later USB."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from provisioning.command import Command
from provisioning.errors import (
    CannotConnect,
    CommandTimedOut,
    LinkLost,
    NotAuthorised,
    TabletFull,
    TransferFailed,
    TransportError,
)
from provisioning.transports import shell, sync
from provisioning.transports.adb_device import MendedDevice
from provisioning.transports.adb_errors import translated
from provisioning.transports.base import Progress, ShellResult
from provisioning.transports.boot import wait_for_boot
from provisioning.transports.bytelink import ByteLink
from provisioning.transports.files import appearing, opened, remaining_bytes
from provisioning.transports.install import install_app
from provisioning.transports.keys import BenchKey
from provisioning.transports.streams import Stream

DROP_SECONDS = 60.0
"""How long a tablet may take from the request to reboot until its link goes down."""


@dataclass(frozen=True)
class ConnectSettings:
    """How to reach and greet one tablet; kept so that a reboot can be followed by the same greeting."""

    address: str
    new_link: Callable[[], ByteLink]
    key: BenchKey
    connect_seconds: float = 10.0
    auth_wait_seconds: float = 3.0
    stall_seconds: float = 60.0
    poll_seconds: float = 1.0
    on_prompt: Callable[[], None] | None = None


class AdbTransport:
    """A Transport over adb-shell. One operation at a time; a second thread waits its turn."""

    def __init__(self, settings: ConnectSettings) -> None:
        self._settings = settings
        self._lock = threading.RLock()
        self._device: MendedDevice | None = None
        self._features: frozenset[str] = frozenset()
        self._connect()

    @property
    def address(self) -> str:
        return self._settings.address

    @property
    def features(self) -> frozenset[str]:
        return self._features

    def run(self, command: Command, *, timeout_seconds: float = 30.0) -> ShellResult:
        doing = command.shown()
        with self._operation(doing):
            if "shell_v2" in self._features:
                with self._stream(shell.service_v2(command.sent()), seconds=timeout_seconds) as stream:
                    return shell.run_v2(stream)
            nonce = shell.new_nonce()
            with self._stream(shell.service_v1(command.sent(), nonce), seconds=timeout_seconds) as stream:
                return shell.run_v1(stream, nonce)

    def push(
        self, source: Path | BinaryIO, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> None:
        """The size the tablet then holds is compared with what was sent."""
        with self._operation(f"copying to {target}"), opened(source) as stream_in:
            total = remaining_bytes(stream_in)
            with self._stream(b"sync:") as stream, self._copying(f"copy a file to {target}"):
                sent, held = sync.send_file(stream, stream_in, target, mode=mode, total=total, progress=progress)
            if held.size != sent % sync.SIZE_MODULUS:
                raise TransferFailed(
                    f"The tablet at {self.address} holds {held.size} of the {sent} bytes sent to {target}. Check its "
                    "free space and copy the file again.",
                    address=self.address,
                )

    def pull(self, source: str, target: Path | BinaryIO, *, progress: Progress | None = None) -> None:
        """A `target` path appears only when the whole file has come."""
        with self._operation(f"copying {source} from the tablet"), appearing(target) as out:
            with self._stream(b"sync:") as stream, self._copying(f"read {source}"):
                received, said = sync.receive_file(stream, source, out.write, progress=progress)
            # Files the kernel makes up, as under /proc, say they are empty.
            if said.size and said.size != received % sync.SIZE_MODULUS:
                raise TransferFailed(
                    f"The tablet at {self.address} sent {received} bytes of {source} after saying it has {said.size}. "
                    "The file may be changing; read it again.",
                    address=self.address,
                )

    def install(self, apks: Sequence[Path], *, grant_all: bool = False, progress: Progress | None = None) -> None:
        with self._operation(f"installing {apks[0].name}"):
            install_app(self, self._stream, apks, grant_all=grant_all, progress=progress)

    def reboot_and_wait(self, *, timeout_seconds: float = 600.0) -> None:
        deadline = time.monotonic() + timeout_seconds
        with self._lock:
            self._ask_for_reboot(min(DROP_SECONDS, timeout_seconds))
            self._reconnect(deadline)
            while True:
                try:
                    left = max(deadline - time.monotonic(), 0.0)
                    return wait_for_boot(self, timeout_seconds=left, poll_seconds=self._settings.poll_seconds)
                except LinkLost:  # Android restarts its ADB daemon once or twice while it starts
                    self._reconnect(deadline)

    def close(self) -> None:
        device, self._device, self._features = self._device, None, frozenset()
        if device is not None:
            device.close()

    def __enter__(self) -> AdbTransport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connect(self) -> None:
        settings = self._settings
        device = MendedDevice(settings.new_link())
        try:
            with translated(settings.address, "connecting"):
                device.greet(
                    settings.key.signer,
                    timeout_seconds=settings.connect_seconds,
                    auth_wait_seconds=settings.auth_wait_seconds,
                    on_prompt=settings.on_prompt,
                )
        except TransportError as error:
            device.close()
            raise self._greeting_failed(device, error) from error
        except BaseException:
            device.close()
            raise
        self._device, self._features = device, device.peer_features

    def _greeting_failed(self, device: MendedDevice, error: TransportError) -> TransportError:
        if device.io.public_key_sent:
            return NotAuthorised(
                f"The tablet at {self.address} has not accepted this bench's key yet. On its screen tick Always allow "
                f"from this computer and tap Allow (the key's fingerprint is {self._settings.key.fingerprint}), then "
                "try again.",
                address=self.address,
            )
        if isinstance(error, CannotConnect):
            return error
        return CannotConnect(
            f"No tablet answered at {self.address}. Check that it is on, on this network, and that USB debugging or "
            f"debugging over TCP is switched on. ({error.__cause__ or error})",
            address=self.address,
        )

    def _reconnect(self, deadline: float) -> None:
        while True:
            self.close()
            try:
                return self._connect()
            except CannotConnect:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(self._settings.poll_seconds)

    def _ask_for_reboot(self, drop_seconds: float) -> None:
        """Ask, and wait until the link is down: connecting at once would meet the daemon that is about to go."""
        deadline = time.monotonic() + drop_seconds
        try:
            with self._operation("rebooting"), self._stream(b"reboot:", seconds=drop_seconds) as stream:
                while stream.read() is not None:
                    pass
                while True:
                    self._open_device().io.receive(deadline)
        except LinkLost:
            return
        except CommandTimedOut as error:
            raise CommandTimedOut(
                f"The tablet at {self.address} was asked to reboot but its link stayed up for {drop_seconds:.0f} "
                "seconds. Look at its screen, then try again.",
                address=self.address,
            ) from error

    @contextmanager
    def _operation(self, doing: str) -> Iterator[None]:
        with self._lock:
            try:
                with translated(self.address, doing):
                    yield
            except shell.AnswerCut as error:
                raise LinkLost(
                    f"The tablet at {self.address} stopped answering before the exit code of: {doing}. What it did is "
                    "not known; read its state before doing it again.",
                    address=self.address,
                ) from error
            except LinkLost:
                self.close()
                raise

    @contextmanager
    def _stream(self, service: bytes, *, seconds: float = math.inf, stall: float | None = None) -> Iterator[Stream]:
        limit = time.monotonic() + seconds
        stall_seconds = stall or self._settings.stall_seconds
        with Stream(self._open_device(), service, deadline=limit, stall_seconds=stall_seconds) as stream:
            yield stream

    @contextmanager
    def _copying(self, doing: str) -> Iterator[None]:
        try:
            yield
        except sync.SyncFailed as error:
            full = "No space left on device" in str(error)
            why = "its storage is full" if full else f"it says: {error}"
            kind = TabletFull if full else TransferFailed
            raise kind(f"The tablet at {self.address} did not {doing}: {why}.", address=self.address) from error
        except sync.SyncGarbled as error:
            raise LinkLost(
                f"The tablet at {self.address} stopped in the middle of: {doing} ({error}). Reconnect and do it again.",
                address=self.address,
            ) from error

    def _open_device(self) -> MendedDevice:
        if self._device is None:
            raise LinkLost(f"The link to the tablet at {self.address} is closed. Connect again.", address=self.address)
        return self._device
