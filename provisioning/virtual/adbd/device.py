"""What the daemon asks of the machine it runs on. The protocol side knows this interface and no tablet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from provisioning.virtual.adbd.auth import HostKey


class ByteSource(Protocol):
    """Bytes arriving from the other side."""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, all of the rest when negative; empty at the end."""
        ...


class ByteSink(Protocol):
    """Bytes leaving for the other side."""

    def write(self, data: bytes) -> None: ...


class Hung(Exception):
    """The machine stopped under a running command: no exit code will ever come."""


@dataclass(frozen=True)
class Banner:
    """What the daemon says of itself when it connects."""

    product: str
    model: str
    device: str
    features: tuple[str, ...]
    version: int
    max_payload: int


@dataclass(frozen=True)
class Entry:
    """One file, as the sync service tells of it."""

    name: str
    mode: int
    size: int
    modified: int
    inode: int
    links: int = 1
    uid: int = 2000
    gid: int = 2000


class Inbox(Protocol):
    """A file being received."""

    def write(self, data: memoryview) -> None:
        """Raises OSError, for example when the storage is full."""
        ...

    def finish(self, modified: int) -> None: ...

    def abandon(self) -> None: ...


class Device(Protocol):
    """The machine under the daemon. Every method may be called from any thread."""

    def banner(self) -> Banner: ...

    def lets_anyone_in(self) -> bool:
        """True while the machine asks no key of anybody."""
        ...

    def permits(self, service: str) -> bool:
        """False for a service that the machine keeps shut at this moment."""
        ...

    def trusted_keys(self) -> Iterable[HostKey]: ...

    def ask_about(self, key: HostKey, allowed: Callable[[], None]) -> Callable[[], None]:
        """Show the key on the screen; `allowed` is called once a person accepts it. Returns how to take it back."""
        ...

    def toll(self, size: int) -> None:
        """Told of bytes about to move on a link; may wait, or raise `LinkDown`."""
        ...

    def run(self, script: str, stdin: ByteSource, stdout: ByteSink, stderr: ByteSink) -> int:
        """Run a command line and return its exit code. Raises `Hung` when the machine stops under it."""
        ...

    def run_words(self, words: tuple[str, ...], stdin: ByteSource, stdout: ByteSink, stderr: ByteSink) -> int | None:
        """Run one binder command (abb) given as words, without a shell. None when this machine refuses abb."""
        ...

    def look(self, path: str, *, follow: bool) -> Entry:
        """Raises OSError."""
        ...

    def list(self, path: str) -> list[Entry]:
        """Raises OSError."""
        ...

    def receive(self, path: str, mode: int) -> Inbox:
        """Raises OSError whose `strerror` is what the sync service answers."""
        ...

    def fetch(self, path: str) -> Path:
        """A real file with the bytes of `path`. Raises OSError."""
        ...

    def reboot(self, target: str) -> None: ...

    def note(self, kind: str, **details: object) -> None:
        """Record what happened on the wire."""
        ...
