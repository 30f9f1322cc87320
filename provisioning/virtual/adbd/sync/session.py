"""One sync conversation: its requests, its short answers, and how it ends."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from provisioning.virtual.adbd.device import Device
from provisioning.virtual.adbd.stream import Stream

MAX_PATH_BYTES = 1024
REQUEST = struct.Struct("<4sI")


class HangUp(Exception):
    """The host finished, or said something after which a daemon closes the stream."""


@dataclass(frozen=True)
class Session:
    """A stream that speaks sync, and the device it speaks for."""

    device: Device
    stream: Stream

    def request(self) -> tuple[bytes, str]:
        """The next request: its four letters and its path. Raises `HangUp` at the end."""
        first = self.stream.read_some(1)
        if not first:
            raise HangUp
        kind, length = REQUEST.unpack(bytes(first) + bytes(self.stream.read_exactly(REQUEST.size - 1)))
        if length > MAX_PATH_BYTES:
            self.fail("path too long")
            raise HangUp
        return kind, bytes(self.stream.read_exactly(length)).decode("utf-8", "surrogateescape")

    def okay(self) -> None:
        self.stream.write(REQUEST.pack(b"OKAY", 0))

    def fail(self, why: str) -> None:
        text = why.encode()
        self.stream.write(REQUEST.pack(b"FAIL", len(text)) + text)
