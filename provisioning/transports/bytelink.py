"""The wire below ADB: bytes in, bytes out, with time limits. It knows nothing of packets.

A bench that reaches tablets another way (an SSH channel, a USB endpoint) subclasses `ByteLink`.
"""

from __future__ import annotations

import socket
import time
from abc import abstractmethod
from collections.abc import Callable

from adb_shell.transport.base_transport import BaseTransport

Buffer = bytes | bytearray | memoryview
Options = tuple[tuple[int, int], ...]

TCP_OPTIONS: Options = ((socket.IPPROTO_TCP, socket.TCP_NODELAY), (socket.SOL_SOCKET, socket.SO_KEEPALIVE))


class ByteLink(BaseTransport):  # type: ignore[misc]  # adb-shell ships no types, so its classes are Any
    """What a link must do beyond adb-shell's interface: fill a buffer we own, and send two parts as one write.

    Methods raise `TimeoutError` when the time is up and `OSError` when the link breaks, and nothing else
    (or a `provisioning.errors.TransportError` that already says what happened).
    """

    @abstractmethod
    def connect(self, transport_timeout_s: float | None) -> None: ...

    @abstractmethod
    def close(self) -> None: ...

    @abstractmethod
    def read_into(self, view: memoryview, timeout_seconds: float) -> int:
        """Fill some of `view` and return how many bytes; 0 means the other side has ended the link."""

    @abstractmethod
    def readable(self) -> bool:
        """Whether `read_into` would return at once: bytes have come, or the end."""

    @abstractmethod
    def write_parts(self, parts: list[Buffer], timeout_seconds: float) -> None:
        """Send every byte of all parts, in as few writes as possible.

        `TimeoutError` means that nothing was sent; a time limit in the middle is a broken link, since half a packet
        cannot be taken back.
        """

    def bulk_read(self, numbytes: int, transport_timeout_s: float | None) -> bytes:
        data = bytearray(numbytes)
        return bytes(data[: self.read_into(memoryview(data), transport_timeout_s or 0.0)])

    def bulk_write(self, data: Buffer, transport_timeout_s: float | None) -> int:
        self.write_parts([data], transport_timeout_s or 0.0)
        return len(data)


class Filling:
    """A buffer that is filled over as many reads, and as many time limits, as it takes."""

    __slots__ = ("_filled", "buffer")

    def __init__(self, size: int) -> None:
        self.buffer = bytearray(size)
        self._filled = 0

    def fill(self, link: ByteLink, deadline: float) -> None:
        """Return once the buffer is full. Bytes read before a `TimeoutError` stay for the next call."""
        with memoryview(self.buffer) as view:
            while self._filled < len(view):
                count = link.read_into(view[self._filled :], deadline - time.monotonic())
                if not count:
                    raise ConnectionResetError("the other side ended the link")
                self._filled += count


class SocketLink(ByteLink):
    """A TCP socket.

    Header and payload leave in one `sendmsg` with Nagle's algorithm off: split sends met the 40 ms delayed
    acknowledgement and made every shell call wait for it.
    """

    def __init__(self, opener: Callable[[float | None], socket.socket], *, options: Options = TCP_OPTIONS) -> None:
        """`opener` makes a connected socket within the seconds it is given."""
        self._opener = opener
        self._options = options
        self._socket: socket.socket | None = None

    def connect(self, transport_timeout_s: float | None) -> None:
        self._socket = self._opener(transport_timeout_s)
        for level, option in self._options:
            self._socket.setsockopt(level, option, 1)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def read_into(self, view: memoryview, timeout_seconds: float) -> int:
        return self._ready(timeout_seconds).recv_into(view)

    def readable(self) -> bool:
        if self._socket is None:
            return True
        self._socket.setblocking(False)
        try:
            self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def write_parts(self, parts: list[Buffer], timeout_seconds: float) -> None:
        wire = self._ready(timeout_seconds)
        views = [memoryview(part) for part in parts if len(part)]
        started = False
        while views:
            try:
                sent = wire.sendmsg(views)
            except TimeoutError as error:
                if started:
                    raise ConnectionAbortedError("the tablet took only half a packet in the time allowed") from error
                raise
            started = True
            while views and sent >= len(views[0]):
                sent -= len(views.pop(0))
            if views and sent:
                views[0] = views[0][sent:]

    def _ready(self, timeout_seconds: float) -> socket.socket:
        if self._socket is None:
            raise ConnectionError("the link is closed")
        # Zero would mean non-blocking and None for ever; a deadline that has passed still gets one short look.
        self._socket.settimeout(max(timeout_seconds, 0.001))
        return self._socket


def tcp_link(host: str, port: int) -> SocketLink:
    return SocketLink(lambda timeout_seconds: socket.create_connection((host, port), timeout=timeout_seconds))
