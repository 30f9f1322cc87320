"""What every way of reaching a tablet offers, and the values that cross it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from provisioning.command import Command

Progress = Callable[[int, int], None]
"""Called with (bytes moved so far, bytes in all)."""


@dataclass(frozen=True)
class ShellResult:
    """What a command answered. `exit_code` is the command's own; text is decoded as UTF-8 with replacement.

    Where the daemon has no shell v2, stdout and stderr arrive merged in `stdout` (android.com: shell protocol v1).
    """

    exit_code: int
    stdout: str
    stderr: str

    @property
    def ok(self) -> bool:
        """True for exit code 0, which on Android proves nothing: read back the state."""
        return self.exit_code == 0


class Transport(Protocol):
    """A link to one tablet. Every method may raise `provisioning.errors.TransportError` and nothing else."""

    @property
    def address(self) -> str:
        """Where this link leads, as ``tcp:HOST:PORT`` or the like."""
        ...

    @property
    def features(self) -> frozenset[str]:
        """What the daemon said it can do, for example ``shell_v2`` or ``cmd``."""
        ...

    def run(self, command: Command, *, timeout_seconds: float = 30.0) -> ShellResult:
        """Run one command with no input and wait for it. A link that ends early raises `LinkLost`."""
        ...

    def push(
        self, source: Path | BinaryIO, target: str, *, mode: int = 0o644, progress: Progress | None = None
    ) -> None:
        """Copy bytes to the path `target` on the tablet."""
        ...

    def pull(self, source: str, target: Path | BinaryIO, *, progress: Progress | None = None) -> None:
        """Copy the file at `source` on the tablet to `target`."""
        ...

    def install(self, apks: Sequence[Path], *, grant_all: bool = False, progress: Progress | None = None) -> None:
        """Install one app for user 0 from all of `apks`: its base and, for a bundle, the splits chosen for the tablet.

        Streamed where the daemon can. Raises `InstallRefused` with Android's code; nothing is installed then. A link
        lost on the way leaves the outcome unknown. Returning proves only that "Success" was read.
        """
        ...

    def reboot_and_wait(self, *, timeout_seconds: float = 600.0) -> None:
        """Reboot, reconnect, and wait until Android says it has booted."""
        ...

    def close(self) -> None:
        """Give the link back. Safe to call twice."""
        ...
