"""The words of an adb server: four hex digits and a request, answered OKAY or FAIL (adb, docs/dev/services.md)."""

from __future__ import annotations

import time

from provisioning.transports.bytelink import ByteLink, Filling

_LENGTH_DIGITS = 4


class ServerSaidNo(Exception):
    """The server answered FAIL; the text is its reason."""


class NotAnAdbServer(ConnectionError):
    """What answered is no adb server."""


class Answer:
    """Text with its length in front, read over as many time limits as it takes."""

    def __init__(self) -> None:
        self._length = Filling(_LENGTH_DIGITS)
        self._text: Filling | None = None

    def read(self, wire: ByteLink, deadline: float) -> str:
        self._length.fill(wire, deadline)
        if self._text is None:
            self._text = Filling(_number(bytes(self._length.buffer)))
        self._text.fill(wire, deadline)
        return self._text.buffer.decode(errors="replace")


def request(wire: ByteLink, service: bytes, deadline: float) -> None:
    """Ask for a service and return once the server said OKAY. Raises `ServerSaidNo`."""
    wire.write_parts([f"{len(service):04x}".encode(), service], deadline - time.monotonic())
    status = Filling(_LENGTH_DIGITS)
    status.fill(wire, deadline)
    if status.buffer == b"FAIL":
        raise ServerSaidNo(Answer().read(wire, deadline))
    if status.buffer != b"OKAY":
        raise NotAnAdbServer(f"it answered {bytes(status.buffer)!r}")


def _number(digits: bytes) -> int:
    try:
        return int(digits, 16)
    except ValueError as error:
        raise NotAnAdbServer(f"it gave {digits!r} for a length") from error
