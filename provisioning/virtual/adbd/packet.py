"""One ADB packet: a 24-byte little-endian header and its payload (adb docs/dev/protocol.md)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

HEADER = struct.Struct("<6I")

SYNC = 0x434E5953
CNXN = 0x4E584E43
AUTH = 0x48545541
OPEN = 0x4E45504F
OKAY = 0x59414B4F
CLSE = 0x45534C43
WRTE = 0x45545257
STLS = 0x534C5453

VERSION_WITH_CHECKSUMS = 0x01000000
VERSION_SKIPPING_CHECKSUMS = 0x01000001
LEGACY_PAYLOAD_BYTES = 4096
PAYLOAD_BYTES = 1024 * 1024

AUTH_TOKEN = 1
AUTH_SIGNATURE = 2
AUTH_PUBLIC_KEY = 3

_ALWAYS_CHECKED = frozenset({CNXN, AUTH})
_ALL_ONES = 0xFFFFFFFF

Payload = bytes | bytearray | memoryview


class BadPacket(Exception):
    """Bytes that are not an ADB packet, or a packet whose checksum is wrong. A daemon drops the link."""


@dataclass(frozen=True)
class Header:
    """What the 24 bytes say."""

    command: int
    arg0: int
    arg1: int
    length: int
    checksum: int


def checksum(payload: Payload) -> int:
    """The protocol's "crc": the sum of all bytes, modulo 2^32."""
    return sum(payload) & _ALL_ONES


def needs_checksum(command: int, version: int) -> bool:
    """True where we send the sum: always in CNXN and AUTH, elsewhere only at the old version."""
    return version < VERSION_SKIPPING_CHECKSUMS or command in _ALWAYS_CHECKED


def pack_header(command: int, arg0: int, arg1: int, payload: Payload, *, version: int) -> bytes:
    """The header for `payload`; the sum is left 0 where the negotiated version skips it."""
    total = checksum(payload) if needs_checksum(command, version) else 0
    return HEADER.pack(command, arg0, arg1, len(payload), total, command ^ _ALL_ONES)


def unpack_header(raw: bytes) -> Header:
    """Read a header. Raises `BadPacket` when the magic does not fit the command."""
    command, arg0, arg1, length, total, magic = HEADER.unpack(raw)
    if magic != command ^ _ALL_ONES:
        raise BadPacket(f"magic {magic:#x} does not fit command {command:#x}")
    return Header(command, arg0, arg1, length, total)


def check_payload(header: Header, payload: Payload, *, version: int) -> None:
    """Raise `BadPacket` when the sum is wrong and the version says it counts.

    A daemon of the later version looks at no sum, not even in CNXN: adb 29 leaves it 0 there when it reconnects.
    """
    if version < VERSION_SKIPPING_CHECKSUMS and checksum(payload) != header.checksum:
        raise BadPacket(f"checksum of command {header.command:#x} is wrong")
