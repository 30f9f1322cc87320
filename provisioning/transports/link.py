"""What stands between a Transport and the wire: a link to one tablet, which opens streams to its services.

There are two kinds: `PacketLink` speaks to the tablet's own daemon, `ServerLink` asks a running adb server. Shell,
copying and installing are written once, over `Stream`.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from provisioning.transports.bytelink import Buffer

OUR_FEATURES = frozenset(
    {"shell_v2", "cmd", "stat_v2", "ls_v2", "fixed_push_mkdir", "apex", "abb_exec", "fixed_push_symlink_timestamp"}
)
"""What we may be offered; a daemon's list is cut to these. Compression is left out: an APK is compressed already."""


class StreamClosed(Exception):
    """The daemon closed the stream we were waiting on, or would not open it."""


@dataclass(frozen=True)
class Patience:
    """How long each kind of wait may take, in seconds."""

    connect_seconds: float = 10.0
    auth_wait_seconds: float = 3.0
    """For the person who is to tap Allow."""
    stall_seconds: float = 60.0
    poll_seconds: float = 1.0
    """Between looks at a tablet that is starting."""


class Stream(Protocol):
    """A conversation with one service of the daemon, from its opening to its end.

    Each wait may take the seconds it was opened with; longer is `TimeoutError`. A broken link is an `OSError`.
    """

    @property
    def largest_payload(self) -> int:
        """The most that `write` takes at once, in bytes."""
        ...

    @property
    def heard(self) -> bool:
        """Whether the daemon has ever sent a byte on it."""
        ...

    def send(self, payload: Buffer) -> None:
        """Write without waiting until the daemon has taken it; for the last word of a side that then only reads."""
        ...

    def write(self, payload: Buffer) -> None:
        """Write at most `largest_payload` bytes. Raises `StreamClosed`; what came before that can still be read."""
        ...

    def read(self) -> bytearray | None:
        """The next bytes, or None once the daemon has closed the stream."""
        ...

    def waiting(self) -> bool:
        """Whether bytes have come that nobody has read."""
        ...

    def close(self) -> None:
        """Leave the stream, without waiting. Safe to call twice."""
        ...

    def __enter__(self) -> Stream: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class Link(Protocol):
    """One connection to one tablet. It never comes back: after a restart, or a cable drop, another link is made."""

    @property
    def features(self) -> frozenset[str]:
        """What the daemon said it can do and we can use."""
        ...

    @property
    def transport_id(self) -> int:
        """The adb server's number for this one attachment of the tablet; 0 where no server is in between."""
        ...

    @property
    def longest_service(self) -> int:
        """How many bytes a service's name may have, its command included."""
        ...

    def open(self, service: bytes, *, deadline: float, stall_seconds: float) -> Stream:
        """Open a service. Raises `StreamClosed` where the daemon refuses it, OSError where the link is gone."""
        ...

    def restart(self, *, deadline: float) -> None:
        """Ask the tablet to reboot and return once this link is down. TimeoutError: it is still up."""
        ...

    def close(self) -> None:
        """Give the link back. Safe to call twice."""
        ...
