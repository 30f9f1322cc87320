"""The package manager as a service of the daemon: which ways reach it, one question to it, bytes after the question.

It knows the words of the wire and nothing of what is installed, so that any link that opens streams can use it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from provisioning.transports.base import Progress
from provisioning.transports.link import Stream, StreamClosed


class OpenStream(Protocol):
    """Opens a service. `seconds` bounds the whole conversation, `stall` each wait in it; refused is `StreamClosed`."""

    def __call__(
        self, service: bytes, *, seconds: float, stall: float | None = None
    ) -> AbstractContextManager[Stream]: ...


@dataclass(frozen=True)
class Way:
    """One way to put words to the package manager."""

    feature: str
    prefix: bytes
    between: bytes

    def service(self, *words: str) -> bytes:
        """The words are made here and are never a person's: none needs quoting."""
        return self.prefix + self.between.join(word.encode() for word in words)


_ABB = Way("abb_exec", b"abb_exec:package\0", b"\0")
_CMD = Way("cmd", b"exec:cmd package ", b" ")
_PM = Way("", b"exec:pm ", b" ")


def streaming_ways(features: frozenset[str]) -> tuple[Way, ...]:
    """The ways by which this daemon takes a whole APK as a stream, the best first (adb, client/adb_install.cpp).

    Empty up to Android 6.
    """
    return tuple(way for way in (_ABB, _CMD) if way.feature in features)


def session_ways(features: frozenset[str]) -> tuple[Way, ...]:
    """The ways by which this daemon takes a session, the best first: `pm` has known them since Android 5."""
    return streaming_ways(features) or (_PM,)


def allowed_seconds(size: int) -> float:
    """How long an install of `size` bytes may take: five minutes, and a second for each megabyte."""
    return 300.0 + size / 1_000_000


def ask(
    open_stream: OpenStream,
    service: bytes,
    *,
    apk: Path | None = None,
    seconds: float,
    progress: Progress | None = None,
) -> str:
    """Put one question, with the bytes of `apk` after it, and return everything that was answered.

    An empty answer means that the daemon closed the service: some advertise `abb_exec` and then drop it, after
    taking as many bytes as their buffers hold.
    """
    answer = bytearray()
    with suppress(StreamClosed), open_stream(service, seconds=seconds, stall=seconds) as stream:
        if apk is not None:
            _send(stream, apk, progress)
        while (data := stream.read()) is not None:
            answer += data
    return answer.decode(errors="replace")


def _send(stream: Stream, apk: Path, progress: Progress | None) -> None:
    size = apk.stat().st_size
    buffer = bytearray(stream.largest_payload)
    sent = 0
    with suppress(StreamClosed), apk.open("rb", buffering=0) as source:  # what it said before closing is still read
        while sent < size and (count := source.readinto(buffer)):
            with memoryview(buffer) as view:
                stream.write(view[:count])
            sent += count
            if progress:
                progress(sent, size)
