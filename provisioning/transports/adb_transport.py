"""The Transport over any link to a tablet, whichever wire is below it."""

from __future__ import annotations

import io
import math
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Protocol

from provisioning.command import Command, Quoted
from provisioning.errors import (
    CannotConnect,
    CommandTimedOut,
    LinkLost,
    TabletFull,
    TransferFailed,
    TransportError,
)
from provisioning.transports import shell, sync
from provisioning.transports.adb_errors import translated
from provisioning.transports.base import Progress, ShellResult
from provisioning.transports.boot import wait_for_boot
from provisioning.transports.files import appearing, opened, remaining_bytes
from provisioning.transports.install import install_app
from provisioning.transports.install_service import OpenStream
from provisioning.transports.link import Link, Patience, Stream, StreamClosed

DROP_SECONDS = 60.0
"""How long a tablet may take from the request to reboot until its link goes down."""

PROBE_SECONDS = 10.0

FEATURE_OF_SERVICE = ((b"shell,v2", "shell_v2"), (b"abb_exec:", "abb_exec"), (b"exec:cmd ", "cmd"))
"""Which feature says that a service is there."""


class Installer(Protocol):
    """How a transport installs an app; `install_app` sends its bytes over the transport's own streams."""

    def __call__(
        self,
        transport: AdbTransport,
        open_stream: OpenStream,
        apks: Sequence[Path],
        *,
        grant_all: bool = False,
        progress: Progress | None = None,
    ) -> None: ...


class AdbTransport:
    """A Transport over the links that `new_link` makes: one at once, and another after each reboot.

    One operation at a time; a second thread waits its turn. A service that the daemon advertised and then refused is
    not asked for again on the same link.
    """

    def __init__(
        self, address: str, new_link: Callable[[], Link], patience: Patience, installer: Installer = install_app
    ) -> None:
        self._address = address
        self._new_link = new_link
        self._patience = patience
        self._installer = installer
        self._lock = threading.RLock()
        self._link: Link | None = None
        self._refused: frozenset[str] = frozenset()
        self._connect()

    @property
    def address(self) -> str:
        return self._address

    @property
    def features(self) -> frozenset[str]:
        link = self._link
        return link.features - self._refused if link else frozenset()

    @property
    def transport_id(self) -> int:
        """The adb server's number for the tablet as it is attached now; 0 where no server is in between."""
        return self._open_link().transport_id

    def run(self, command: Command, *, timeout_seconds: float = 30.0) -> ShellResult:
        with self._operation(command.shown()):
            text = command.sent()
            if len(text.encode()) + shell.WRAPPING_BYTES > self._open_link().longest_service:
                return self._run_file(text, timeout_seconds)
            return self._run(text, timeout_seconds)

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
            self._installer(self, self._stream, apks, grant_all=grant_all, progress=progress)

    def reboot_and_wait(self, *, timeout_seconds: float = 600.0) -> None:
        deadline = time.monotonic() + timeout_seconds
        with self._lock:
            self._restart(min(DROP_SECONDS, timeout_seconds))
            self._reconnect(deadline)
            while True:
                try:
                    left = max(deadline - time.monotonic(), 0.0)
                    return wait_for_boot(self, timeout_seconds=left, poll_seconds=self._patience.poll_seconds)
                except LinkLost:  # Android restarts its ADB daemon once or twice while it starts
                    self._reconnect(deadline)

    def close(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            link.close()

    def __enter__(self) -> AdbTransport:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _connect(self) -> None:
        self._link, self._refused = self._new_link(), frozenset()

    def _reconnect(self, deadline: float) -> None:
        while True:
            self.close()
            try:
                return self._connect()
            except CannotConnect:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(self._patience.poll_seconds)

    def _restart(self, drop_seconds: float) -> None:
        try:
            with self._operation("rebooting"):
                self._open_link().restart(deadline=time.monotonic() + drop_seconds)
        except LinkLost:
            return
        except CommandTimedOut as error:
            raise CommandTimedOut(
                f"The tablet at {self.address} was asked to reboot but its link stayed up for {drop_seconds:.0f} "
                "seconds. Look at its screen, then try again.",
                address=self.address,
            ) from error

    def _run(self, text: str, seconds: float) -> ShellResult:
        if "shell_v2" in self.features:
            try:
                return self._run_v2(text, seconds)
            except StreamClosed:
                pass  # refused, so nothing ran
            except shell.AnswerCut as error:
                if error.heard or not self._answers_nothing():
                    raise
        nonce = shell.new_nonce()
        try:
            with self._stream(shell.service_v1(text, nonce), seconds=seconds) as stream:
                return shell.run_v1(stream, nonce)
        except StreamClosed:  # both were refused, as in trade-in mode: it is the command and not the protocol
            self._refused -= {"shell_v2"}
            raise

    def _run_v2(self, text: str, seconds: float) -> ShellResult:
        with self._stream(shell.service_v2(text), seconds=seconds) as stream:
            return shell.run_v2(stream)

    def _answers_nothing(self) -> bool:
        """Whether shell v2 only opens and closes here, which an echo tells: then no earlier command has run either."""
        try:
            self._run_v2("echo here", PROBE_SECONDS)
        except StreamClosed:
            return True
        except shell.AnswerCut as error:
            if error.heard:
                return False
            self._refused |= {"shell_v2"}
            return True
        return False

    def _run_file(self, text: str, seconds: float) -> ShellResult:
        """An old daemon takes a command of 4096 bytes; a longer one goes as a file, which first removes itself."""
        path = f"/data/local/tmp/doorstep-{secrets.token_hex(4)}.sh"
        try:
            self.push(io.BytesIO(f'rm -f "$1"\n{text}\n'.encode()), path, mode=0o600)
            return self._run(f"sh {path} {path}", seconds)
        except TransportError:
            with suppress(TransportError):  # what went wrong is the news, not the left-over file
                self.run(Command("rm", "-f", Quoted(path)))
            raise

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
        feature = {name for prefix, name in FEATURE_OF_SERVICE if service.startswith(prefix)}
        try:
            stream = self._open_link().open(
                service,
                deadline=time.monotonic() + seconds,
                stall_seconds=stall or self._patience.stall_seconds,
            )
        except StreamClosed:
            self._refused |= feature
            raise
        with stream:
            yield stream
            if not stream.heard:
                self._refused |= feature

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

    def _open_link(self) -> Link:
        if self._link is None:
            raise LinkLost(f"The link to the tablet at {self.address} is closed. Connect again.", address=self.address)
        return self._link
