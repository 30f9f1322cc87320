"""The framing of shell protocol v2: stdin, stdout, stderr and the exit code as packets inside one stream."""

from __future__ import annotations

import struct

from provisioning.virtual.adbd.stream import Stream

STDIN = 0
STDOUT = 1
STDERR = 2
EXIT = 3
CLOSE_STDIN = 4

HEADER = struct.Struct("<BI")


class Input:
    """Standard input, taken out of the packets as the command reads it."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._left = memoryview(b"")
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, all of the rest when negative; empty at the end."""
        if size < 0:
            return b"".join(iter(lambda: self.read(1 << 20), b""))
        while not self._left and not self._ended:
            self._next_packet()
        piece, self._left = self._left[:size], self._left[size:]
        return bytes(piece)

    def _next_packet(self) -> None:
        first = self._stream.read_some(1)
        if not first:
            self._ended = True
            return
        kind, length = HEADER.unpack(bytes(first) + bytes(self._stream.read_exactly(HEADER.size - 1)))
        body = self._stream.read_exactly(length)
        if kind == STDIN:
            self._left = body
        elif kind == CLOSE_STDIN:
            self._ended = True


class Output:
    """Standard output or error, in packets that fit the stream's payload."""

    def __init__(self, stream: Stream, kind: int) -> None:
        self._stream = stream
        self._kind = kind

    def write(self, data: bytes) -> None:
        room = self._stream.max_payload - HEADER.size
        for at in range(0, len(data), room):
            piece = data[at : at + room]
            self._stream.write(HEADER.pack(self._kind, len(piece)) + piece)


def send_exit(stream: Stream, code: int) -> None:
    """The last packet: the exit code in one byte."""
    stream.write(HEADER.pack(EXIT, 1) + bytes([code & 0xFF]))
