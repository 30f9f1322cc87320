"""Copying files over ADB's sync service, laid out so that bytes go from file to wire without a copy in between."""

from __future__ import annotations

import stat
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from adb_shell import constants

from provisioning.transports.base import Progress
from provisioning.transports.link import Stream, StreamClosed

CHUNK_BYTES = constants.MAX_CHUNK_SIZE
"""The most that one DATA message may carry (adb, docs/dev/sync.md)."""

_MESSAGE = struct.Struct("<4sI")
_STAT_ANSWER = struct.Struct("<4s3I")
SIZE_MODULUS = 2**32
"""STAT's size field has 32 bits and wraps at 4 GiB."""


class SyncFailed(Exception):
    """The tablet answered FAIL, with its reason."""


class SyncGarbled(Exception):
    """The tablet answered something that is not the sync protocol, or closed the service half way."""


@dataclass(frozen=True)
class RemoteFile:
    mode: int
    size: int

    @property
    def exists(self) -> bool:
        return self.mode != 0


class SyncReader:
    """Reads exact numbers of bytes from a stream that delivers them in pieces of its own choosing."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._piece = memoryview(b"")

    def read_exactly(self, count: int) -> bytes:
        collected = bytearray()
        self.copy(count, collected.extend)
        return bytes(collected)

    def copy(self, count: int, write: Callable[[memoryview], object]) -> None:
        while count:
            if not self._piece:
                data = self._stream.read()
                if data is None:
                    raise SyncGarbled("the tablet closed the copying service half way")
                self._piece = memoryview(data)
            write(self._piece[:count])
            taken = min(count, len(self._piece))
            self._piece, count = self._piece[taken:], count - taken

    def message(self) -> tuple[bytes, int]:
        """The next message's id and length field; FAIL is raised as `SyncFailed`."""
        kind, length = _MESSAGE.unpack(self.read_exactly(_MESSAGE.size))
        if kind == constants.FAIL:
            raise SyncFailed(self.read_exactly(min(length, CHUNK_BYTES)).decode(errors="replace"))
        return kind, length


def file_status(stream: Stream, path: str, reader: SyncReader | None = None) -> RemoteFile:
    """Mode and size (modulo 4 GiB) of a path; a path that is not there has mode 0."""
    name = path.encode()
    stream.write(_MESSAGE.pack(constants.STAT, len(name)) + name)
    answer = (reader or SyncReader(stream)).read_exactly(_STAT_ANSWER.size)
    kind, mode, size, _ = _STAT_ANSWER.unpack(answer)
    if kind != constants.STAT:
        raise SyncGarbled(f"expected STAT, got {kind!r}")
    return RemoteFile(mode, size)


def send_file(
    stream: Stream, source: BinaryIO, target: str, *, mode: int, total: int, progress: Progress | None
) -> tuple[int, RemoteFile]:
    """Write `source` to `target`, then ask the tablet what it holds. Returns the bytes sent and that answer."""
    reader = SyncReader(stream)
    name = f"{target},{stat.S_IFREG | mode}".encode()
    buffer = bytearray(stream.largest_payload)
    filled = _place(buffer, 0, _MESSAGE.pack(constants.SEND, len(name)) + name)
    sent = 0
    while (count := _fill_chunk(stream, source, buffer, filled)) is not None:
        filled, sent = count[0], sent + count[1]
        if len(buffer) - filled <= _MESSAGE.size + CHUNK_BYTES // 2:
            filled = _flush(stream, buffer, filled, reader)
            if progress:
                progress(sent, total)
    done = _MESSAGE.pack(constants.DONE, int(time.time()) % SIZE_MODULUS)
    if len(buffer) - filled < len(done):
        filled = _flush(stream, buffer, filled, reader)
    _flush(stream, buffer, _place(buffer, filled, done), reader)
    kind, _ = reader.message()
    if kind != constants.OKAY:
        raise SyncGarbled(f"expected OKAY, got {kind!r}")
    if progress:
        progress(sent, total)
    return sent, file_status(stream, target, reader)


def receive_file(
    stream: Stream, source: str, write: Callable[[memoryview], object], *, progress: Progress | None
) -> tuple[int, RemoteFile]:
    """Read `source` into `write`. Returns the bytes received and what the tablet had said of the file before."""
    reader = SyncReader(stream)
    status = file_status(stream, source, reader)
    name = source.encode()
    stream.write(_MESSAGE.pack(constants.RECV, len(name)) + name)
    received = 0
    while True:
        kind, length = reader.message()
        if kind == constants.DONE:
            return received, status
        if kind != constants.DATA or length > CHUNK_BYTES:
            raise SyncGarbled(f"expected DATA or DONE, got {kind!r} of {length} bytes")
        reader.copy(length, write)
        received += length
        if progress:
            progress(received, status.size)


def _place(buffer: bytearray, at: int, data: bytes) -> int:
    buffer[at : at + len(data)] = data
    return at + len(data)


def _fill_chunk(stream: Stream, source: BinaryIO, buffer: bytearray, filled: int) -> tuple[int, int] | None:
    """Read one DATA message's worth straight into the send buffer: (new fill, bytes read), or None at the end."""
    room = min(CHUNK_BYTES, len(buffer) - filled - _MESSAGE.size)
    start = filled + _MESSAGE.size
    with memoryview(buffer) as view:
        count = _read_into(source, view[start : start + room])
    if not count:
        return None
    _place(buffer, filled, _MESSAGE.pack(constants.DATA, count))
    return start + count, count


def _read_into(source: BinaryIO, view: memoryview) -> int:
    if readinto := getattr(source, "readinto", None):
        return int(readinto(view) or 0)
    data = source.read(len(view))
    view[: len(data)] = data
    return len(data)


def _flush(stream: Stream, buffer: bytearray, filled: int, reader: SyncReader) -> int:
    """Send what is in the buffer. Bytes that come back before we said DONE can only be the reason for giving up."""
    try:
        with memoryview(buffer) as view:
            stream.write(view[:filled])
    except StreamClosed:
        if not stream.waiting():
            raise
    if stream.waiting() and not buffer.startswith(b"DONE", max(filled - _MESSAGE.size, 0)):
        kind, _ = reader.message()
        raise SyncGarbled(f"{kind!r} came in the middle of a file")
    return 0
