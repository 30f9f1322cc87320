"""Sync requests that move bytes: SEND and SND2 to the tablet, RECV and RCV2 from it."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from provisioning.virtual.adbd.device import Inbox
from provisioning.virtual.adbd.sync.session import REQUEST, HangUp, Session

CHUNK_BYTES = 64 * 1024
_SEND_V2 = struct.Struct("<4sII")
_RECEIVE_V2 = struct.Struct("<4sI")
_DRY_RUN = 0x80000000


@dataclass
class _Upload:
    """A file on its way in. After the first failure the host hears of it at once, and the rest is thrown away."""

    session: Session
    path: str
    inbox: Inbox | None = None
    why: str = ""
    size: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def begin(self, mode: int) -> None:
        try:
            self.inbox = self.session.device.receive(self.path, mode)
        except OSError as error:
            self.fail(error)

    def take(self, chunk: memoryview) -> None:
        self.size += len(chunk)
        self.digest.update(chunk)
        if self.inbox is not None and not self.why:
            try:
                self.inbox.write(chunk)
            except OSError as error:
                self.fail(error)

    def fail(self, error: OSError) -> None:
        self.why = error.strerror or str(error)
        self.session.fail(self.why)

    def finish(self, modified: int) -> None:
        if self.inbox is not None and self.why:
            self.inbox.abandon()
        elif self.inbox is not None:
            self.inbox.finish(modified)
        if not self.why:
            self.session.okay()
        self.session.device.note(
            "push", path=self.path, size=self.size, sha256=self.digest.hexdigest(), result=self.why or "ok"
        )


def _send_v1(session: Session, spec: str) -> None:
    path, comma, mode = spec.rpartition(",")
    if not comma or not mode.strip().isdigit():
        session.fail("missing , in ID_SEND")
        raise HangUp
    _upload(session, path, int(mode), dry_run=False)


def _send_v2(session: Session, path: str) -> None:
    _, mode, flags = _SEND_V2.unpack(session.stream.read_exactly(_SEND_V2.size))
    if flags & ~_DRY_RUN:
        session.fail(f"unknown flags: {flags & ~_DRY_RUN:d}")
        raise HangUp
    _upload(session, path, mode, dry_run=bool(flags & _DRY_RUN))


def _upload(session: Session, path: str, mode: int, *, dry_run: bool) -> None:
    upload = _Upload(session, path)
    if not dry_run:
        upload.begin(mode)
    try:
        upload.finish(_read_data(session, upload))
    except BaseException:
        # The link ended, or the host broke the protocol: a half-received file does not stay.
        if upload.inbox is not None:
            upload.inbox.abandon()
        raise


def _read_data(session: Session, upload: _Upload) -> int:
    """Take DATA until DONE, and return the modification time that DONE carries."""
    while True:
        kind, number = REQUEST.unpack(session.stream.read_exactly(REQUEST.size))
        if kind == b"DONE":
            return int(number)
        if kind != b"DATA" or number > CHUNK_BYTES:
            session.fail("invalid data message" if kind != b"DATA" else "oversize data message")
            raise HangUp
        left = number
        while left:
            piece = session.stream.read_some(left)
            if not piece:
                raise HangUp
            left -= len(piece)
            upload.take(piece)


def _receive_v1(session: Session, path: str) -> None:
    _download(session, path)


def _receive_v2(session: Session, path: str) -> None:
    _, flags = _RECEIVE_V2.unpack(session.stream.read_exactly(_RECEIVE_V2.size))
    if flags:
        session.fail(f"unknown flags: {flags:d}")
        raise HangUp
    _download(session, path)


def _download(session: Session, path: str) -> None:
    try:
        with session.device.fetch(path).open("rb") as source:
            size, digest = _send_file(session, source)
    except OSError as error:
        why = f"open failed: {error.strerror}"
        session.fail(why)
        session.device.note("pull", path=path, result=why)
        return
    session.device.note("pull", path=path, size=size, sha256=digest, result="ok")


def _send_file(session: Session, source: BinaryIO) -> tuple[int, str]:
    """Send the whole file, several 64 KiB messages to a packet, so that each acknowledgement pays for more."""
    messages = max(1, session.stream.max_payload // (CHUNK_BYTES + REQUEST.size))
    size, digest = 0, hashlib.sha256()
    while True:
        outgoing = bytearray()
        for _ in range(messages):
            chunk = source.read(CHUNK_BYTES)
            if not chunk:
                break
            outgoing += REQUEST.pack(b"DATA", len(chunk)) + chunk
            digest.update(chunk)
            size += len(chunk)
        if not outgoing:
            session.stream.write(REQUEST.pack(b"DONE", 0))
            return size, digest.hexdigest()
        session.stream.write(outgoing)


TRANSFER: Mapping[bytes, Callable[[Session, str], None]] = {
    b"SEND": _send_v1,
    b"SND2": _send_v2,
    b"RECV": _receive_v1,
    b"RCV2": _receive_v2,
}
