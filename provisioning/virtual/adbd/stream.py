"""One stream of a link: one WRTE in flight for each OKAY, or a window of bytes where `delayed_ack` was agreed."""

from __future__ import annotations

import struct
import threading
from collections import deque
from collections.abc import Callable

from provisioning.virtual.adbd import packet
from provisioning.virtual.adbd.packet import Payload
from provisioning.virtual.adbd.wire import LinkDown

HELD_BYTES = 4 * 1024 * 1024
"""Unread bytes we hold before we stop acknowledging; a real daemon stops when its pipe is full."""

DELAYED_ACK_WINDOW = 32 * 1024 * 1024
_ACKED = struct.Struct("<i")

Send = Callable[[int, int, int, Payload], None]


class StreamEnded(LinkDown):
    """The other side closed this stream, or the link is gone."""


class Stream:
    """The device end of one stream. Reading and writing block; one reader and one writer at a time."""

    def __init__(self, local: int, remote: int, send: Send, *, max_payload: int, window: int | None) -> None:
        self.local = local
        self.remote = remote
        self.max_payload = max_payload
        self._send = send
        self._change = threading.Condition()
        self._inbound: deque[memoryview] = deque()
        self._held = 0
        self._owed: deque[int] = deque()
        self._ended = False
        self._ready = True
        self._window = window

    def accept(self) -> None:
        """Tell the other side that the stream is open."""
        first = b"" if self._window is None else _ACKED.pack(DELAYED_ACK_WINDOW)
        self._send(packet.OKAY, self.local, self.remote, first)

    # what the link's reader thread calls

    def on_data(self, payload: bytearray) -> None:
        """Bytes arrived. They are acknowledged at once, unless too many lie unread."""
        with self._change:
            if payload:
                self._inbound.append(memoryview(payload))
            self._held += len(payload)
            self._owed.append(len(payload))
            self._change.notify_all()
        self._acknowledge()

    def on_okay(self, payload: bytearray) -> None:
        """The other side took what we sent."""
        with self._change:
            self._ready = True
            if self._window is not None and len(payload) == _ACKED.size:
                self._window += _ACKED.unpack(payload)[0]
            self._change.notify_all()

    def end(self) -> None:
        """No more bytes will come, and none can go."""
        with self._change:
            self._ended = True
            self._change.notify_all()

    @property
    def ended(self) -> bool:
        return self._ended

    # what a service calls

    def read_some(self, size: int) -> memoryview:
        """Between 1 and `size` bytes; an empty view at the end of the stream."""
        with self._change:
            self._change.wait_for(lambda: self._inbound or self._ended)
            if not self._inbound:
                return memoryview(b"")
            chunk = self._inbound.popleft()
            if len(chunk) > size:
                self._inbound.appendleft(chunk[size:])
                chunk = chunk[:size]
            self._held -= len(chunk)
        self._acknowledge()
        return chunk

    def read_exactly(self, size: int) -> memoryview:
        """`size` bytes. Raises `StreamEnded` when fewer are left."""
        chunk = self.read_some(size) if size else memoryview(b"")
        if len(chunk) == size:
            return chunk
        whole = bytearray(chunk)
        while len(whole) < size:
            more = self.read_some(size - len(whole))
            if not more:
                raise StreamEnded("the stream ended in the middle of a message")
            whole += more
        return memoryview(whole)

    def write(self, data: Payload) -> None:
        """Send all of `data`, waiting for the other side's acknowledgements. Raises `StreamEnded`."""
        view = memoryview(data)
        for at in range(0, len(view), self.max_payload):
            piece = view[at : at + self.max_payload]
            self._take_turn(len(piece))
            self._send(packet.WRTE, self.local, self.remote, piece)

    def drain(self) -> None:
        """Wait until the other side has acknowledged everything, so that closing cannot overtake data."""
        with self._change:
            self._change.wait_for(lambda: self._ended or self._window is not None or self._ready)

    def _take_turn(self, size: int) -> None:
        with self._change:
            self._change.wait_for(lambda: self._ended or self._may_send())
            if self._ended:
                raise StreamEnded("the other side closed the stream")
            self._ready = False
            if self._window is not None:
                self._window -= size

    def _may_send(self) -> bool:
        return self._ready if self._window is None else self._window > 0

    def _acknowledge(self) -> None:
        """Pay the acknowledgements owed, oldest first, while little enough lies unread."""
        while True:
            with self._change:
                if not self._owed or self._held > HELD_BYTES:
                    return
                size = self._owed.popleft()
            self._send(packet.OKAY, self.local, self.remote, b"" if self._window is None else _ACKED.pack(size))
