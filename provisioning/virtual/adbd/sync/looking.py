"""Sync requests that only look: STAT, STA2, LST2, LIST, LIS2."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Callable, Mapping

from provisioning.virtual.adbd.device import Entry
from provisioning.virtual.adbd.sync.session import Session

Answer = Callable[[Session, str], None]

_STAT_V1 = struct.Struct("<4sIII")
_STAT_V2 = struct.Struct("<4sIQQIIIIQqqq")
_DENT_V1 = struct.Struct("<4sIIII")
_DENT_V2 = struct.Struct("<4sIQQIIIIQqqqI")
_32_BITS = 0xFFFFFFFF
"""Version 1 carries sizes in 32 bits, so that they wrap at 4 GiB, as on a real tablet."""


def _stat_v1(session: Session, path: str) -> None:
    try:
        entry = session.device.look(path, follow=False)
    except OSError:
        session.stream.write(_STAT_V1.pack(b"STAT", 0, 0, 0))
        return
    session.stream.write(_STAT_V1.pack(b"STAT", entry.mode, entry.size & _32_BITS, entry.modified & _32_BITS))


def _stat_v2(kind: bytes, *, follow: bool) -> Answer:
    def answer(session: Session, path: str) -> None:
        try:
            fields, error = _v2_fields(session.device.look(path, follow=follow)), 0
        except OSError as problem:
            fields, error = (0,) * 10, problem.errno or errno.EIO
        session.stream.write(_STAT_V2.pack(kind, error, *fields))

    return answer


def _v2_fields(entry: Entry) -> tuple[int, ...]:
    when = entry.modified
    return (1, entry.inode, entry.mode, entry.links, entry.uid, entry.gid, entry.size, when, when, when)


def _list_v1(session: Session, path: str) -> None:
    def pack(entry: Entry, name: bytes) -> bytes:
        return _DENT_V1.pack(b"DENT", entry.mode, entry.size & _32_BITS, entry.modified & _32_BITS, len(name))

    _list(session, path, pack, _DENT_V1.pack(b"DONE", 0, 0, 0, 0))


def _list_v2(session: Session, path: str) -> None:
    def pack(entry: Entry, name: bytes) -> bytes:
        return _DENT_V2.pack(b"DNT2", 0, *_v2_fields(entry), len(name))

    _list(session, path, pack, _DENT_V2.pack(b"DONE", 0, *(0,) * 10, 0))


def _list(session: Session, path: str, pack: Callable[[Entry, bytes], bytes], done: bytes) -> None:
    try:
        entries = session.device.list(path)
    except OSError:
        entries = []
    names = [os.fsencode(entry.name) for entry in entries]
    rows = [pack(entry, name) + name for entry, name in zip(entries, names, strict=True)]
    session.stream.write(b"".join(rows) + done)


LOOKING: Mapping[bytes, Answer] = {
    b"STAT": _stat_v1,
    b"STA2": _stat_v2(b"STA2", follow=True),
    b"LST2": _stat_v2(b"LST2", follow=False),
    b"LIST": _list_v1,
    b"LIS2": _list_v2,
}
