"""The digests of an APK's content that its signers sign: of all bytes except the signing block itself.

Chunked: SHA over 1 MiB pieces of each section, then SHA over those (source.android.com, "Integrity-protected
contents"). Verity: the root of a tree of SHA-256 over 4 KiB pages (apksig, VerityTreeBuilder).
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from typing import BinaryIO

from provisioning.apps.signatures.algorithms import ContentDigest
from provisioning.apps.signatures.block import SigningBlock

CHUNK_BYTES = 1024 * 1024
PAGE_BYTES = 4096
SALT = bytes(8)
_HASHES = {ContentDigest.CHUNKED_SHA256: "sha256", ContentDigest.CHUNKED_SHA512: "sha512"}


def content_digest(kind: ContentDigest, file: BinaryIO, block: SigningBlock) -> bytes:
    if kind is ContentDigest.VERITY_SHA256:
        return _verity(file, block)
    return _chunked(_HASHES[kind], file, block)


def _chunked(name: str, file: BinaryIO, block: SigningBlock) -> bytes:
    leaves = []
    for section in _sections(file, block):
        for chunk in section:
            leaf = hashlib.new(name, b"\xa5" + struct.pack("<I", len(chunk)))
            leaf.update(chunk)
            leaves.append(leaf.digest())
    return hashlib.new(name, b"\x5a" + struct.pack("<I", len(leaves)) + b"".join(leaves)).digest()


def _sections(file: BinaryIO, block: SigningBlock) -> Iterator[Iterator[bytes]]:
    """Entries, central directory and end record, each in chunks that do not reach into the next."""
    yield _read(file, 0, block.start)
    yield _read(file, block.directory_start, block.end_record_start)
    yield iter([_end_record_as_signed(block)])


def _end_record_as_signed(block: SigningBlock) -> bytes:
    """Its pointer to the central directory is read as pointing to the signing block, which came later."""
    record = bytearray(block.end_record)
    struct.pack_into("<I", record, 16, block.start)
    return bytes(record)


def _read(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    file.seek(start)
    while start < end:
        chunk = file.read(min(CHUNK_BYTES, end - start))
        if not chunk:
            raise EOFError("the file became shorter while it was read")
        start += len(chunk)
        yield chunk


def _verity(file: BinaryIO, block: SigningBlock) -> bytes:
    level = b"".join(_page_hashes(chunk for section in _sections(file, block) for chunk in section))
    while len(level) > PAGE_BYTES:
        level = b"".join(_page_hashes(iter([level])))
    root = hashlib.sha256(SALT + level.ljust(PAGE_BYTES, b"\0")).digest()
    signed_bytes = block.file_size - (block.directory_start - block.start)
    return root + struct.pack("<Q", signed_bytes)


def _page_hashes(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """SHA-256 of each page of the joined pieces, the last one filled up with zeros."""
    carried = b""
    for piece in pieces:
        data = carried + piece
        whole = len(data) - len(data) % PAGE_BYTES
        for at in range(0, whole, PAGE_BYTES):
            yield hashlib.sha256(SALT + data[at : at + PAGE_BYTES]).digest()
        carried = data[whole:]
    if carried:
        yield hashlib.sha256(SALT + carried.ljust(PAGE_BYTES, b"\0")).digest()
