"""Finding the APK Signing Block between a ZIP's entries and its central directory.

Layout: source.android.com, APK Signature Scheme v2, "APK Signing Block format".
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from provisioning.apps.signatures.fields import Fields, Malformed

END_RECORD = b"PK\x05\x06"
END_RECORD_BYTES = 22
LONGEST_COMMENT = 0xFFFF
MAGIC = b"APK Sig Block 42"
FOOTER_BYTES = 24
LARGEST_BLOCK = 64 * 1024 * 1024
V2, V3, V31 = 0x7109871A, 0xF05368C0, 0x1B93AD61


class NoSigningBlock(ValueError):
    """The file has no APK Signing Block: it is unsigned, or signed with the old scheme v1 only."""


@dataclass(frozen=True)
class SigningBlock:
    """Where a file's parts are, in bytes from its start, and the blocks by scheme id."""

    start: int
    directory_start: int
    end_record_start: int
    file_size: int
    end_record: bytes
    schemes: dict[int, bytes]


def find_signing_block(file: BinaryIO) -> SigningBlock:
    """Raises `NoSigningBlock`, or `Malformed` for a ZIP whose parts do not meet."""
    file_size = file.seek(0, 2)
    end_start, end_record = _end_record(file, file_size)
    directory_size, directory_start = struct.unpack_from("<2I", end_record, 12)
    if directory_start + directory_size != end_start:
        raise Malformed("the central directory does not end where the end record begins")
    block_start, pairs = _block(file, directory_start)
    return SigningBlock(block_start, directory_start, end_start, file_size, end_record, _by_id(pairs))


def _end_record(file: BinaryIO, file_size: int) -> tuple[int, bytes]:
    tail_start = max(file_size - END_RECORD_BYTES - LONGEST_COMMENT, 0)
    file.seek(tail_start)
    tail = file.read()
    at = tail.rfind(END_RECORD)
    while at >= 0:
        if len(tail) - at >= END_RECORD_BYTES:
            comment_bytes = struct.unpack_from("<H", tail, at + 20)[0]
            if at + END_RECORD_BYTES + comment_bytes == len(tail):
                return tail_start + at, tail[at:]
        at = tail.rfind(END_RECORD, 0, at)
    raise Malformed("the ZIP has no end record")


def _block(file: BinaryIO, directory_start: int) -> tuple[int, bytes]:
    if directory_start < FOOTER_BYTES + 8:
        raise NoSigningBlock
    file.seek(directory_start - FOOTER_BYTES)
    size, magic = struct.unpack("<Q16s", file.read(FOOTER_BYTES))
    if magic != MAGIC:
        raise NoSigningBlock
    start = directory_start - size - 8
    if start < 0 or not FOOTER_BYTES <= size <= LARGEST_BLOCK:
        raise Malformed(f"the signing block claims {size} bytes")
    file.seek(start)
    if struct.unpack("<Q", file.read(8))[0] != size:
        raise Malformed("the signing block's two sizes differ")
    return start, file.read(size - FOOTER_BYTES)


def _by_id(pairs: bytes) -> dict[int, bytes]:
    """The first block of each id, as Android takes it."""
    found: dict[int, bytes] = {}
    fields = Fields(pairs)
    while fields:
        pair = Fields(fields.take(fields.u64()))
        identifier = pair.u32()
        found.setdefault(identifier, pair.rest())
    return found
