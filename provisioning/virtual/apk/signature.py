"""Who signed an APK (v2 or v3 block, or v1 on old files), and whether it was changed since.

Source of the format: source.android.com, "APK Signature Scheme v2" and "v3".
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from provisioning.virtual.apk.refusal import InstallFailure

_MAGIC = b"APK Sig Block 42"
_V2 = 0x7109871A
_V3 = 0xF05368C0
_LINEAGE = 0x3BA06F8C
_CHUNK_BYTES = 1024 * 1024
_END_SIGNATURE = b"PK\x05\x06"
_END_BYTES = 22
_SHA256_ALGORITHMS = frozenset({0x0101, 0x0103, 0x0201, 0x0301})
_SHA512_ALGORITHMS = frozenset({0x0102, 0x0104, 0x0202})
_NO_CERTIFICATES = "INSTALL_PARSE_FAILED_NO_CERTIFICATES"
_V2_ONLY_FROM_TARGET = 30


@dataclass(frozen=True)
class Signer:
    """The certificate an app is known by, and those it was known by before."""

    certificate: bytes
    earlier: tuple[bytes, ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.certificate).hexdigest()

    @property
    def java_hash(self) -> str:
        """`Integer.toHexString(Arrays.hashCode(certificate))`, as `dumpsys package` prints it."""
        total = 1
        for byte in self.certificate:
            total = (31 * total + (byte - 256 if byte > 127 else byte)) & 0xFFFFFFFF
        return f"{total:x}"

    def earlier_sha256(self) -> tuple[str, ...]:
        return tuple(hashlib.sha256(one).hexdigest() for one in self.earlier)


@dataclass(frozen=True)
class _Layout:
    """Where the three signed parts of an APK lie, and the signing block between them."""

    block_start: int
    directory_start: int
    end_start: int
    size: int


def read_signer(apk: Path, *, sdk: int, target_sdk: int) -> Signer:
    """The signer as Android `sdk` would see it. Raises `InstallFailure` for an unsigned or changed file."""
    with apk.open("rb") as file:
        layout, blocks = _signing_blocks(file)
        wanted = _V3 if sdk >= 28 and _V3 in blocks else _V2
        if wanted in blocks and layout is not None:
            return _from_block(file, layout, blocks[wanted], v3=wanted == _V3)
    if sdk >= 30 and target_sdk >= _V2_ONLY_FROM_TARGET:
        detail = f"Scanning Failed.: No signature found in package of version 2 or newer for package {apk.name}"
        raise InstallFailure(_NO_CERTIFICATES, detail)
    return _from_v1(apk)


def _from_v1(apk: Path) -> Signer:
    with zipfile.ZipFile(apk) as archive:
        names = [name for name in archive.namelist() if name.startswith("META-INF/")]
        for name in names:
            if name.upper().endswith((".RSA", ".EC", ".DSA")):
                certificates = pkcs7.load_der_pkcs7_certificates(archive.read(name))
                return Signer(certificates[0].public_bytes(Encoding.DER))
    detail = f"Failed to collect certificates from {apk.name}: Attempt to get length of null array"
    raise InstallFailure(_NO_CERTIFICATES, detail)


# the signing block


def _signing_blocks(file: BinaryIO) -> tuple[_Layout | None, dict[int, bytes]]:
    size = file.seek(0, io.SEEK_END)
    tail_start = max(0, size - _END_BYTES - 0xFFFF)
    file.seek(tail_start)
    at = file.read().rfind(_END_SIGNATURE)
    if at < 0:
        return None, {}
    end_start = tail_start + at
    file.seek(end_start + 16)
    (directory_start,) = struct.unpack("<I", file.read(4))
    file.seek(max(0, directory_start - 24))
    footer = file.read(24)
    if footer[8:] != _MAGIC:
        return None, {}
    (length,) = struct.unpack_from("<Q", footer)
    block_start = directory_start - length - 8
    file.seek(block_start + 8)
    pairs = file.read(length - 24)
    return _Layout(block_start, directory_start, end_start, size), dict(_pairs(pairs))


def _pairs(raw: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 12 <= len(raw):
        length, identity = struct.unpack_from("<QI", raw, at)
        yield identity, raw[at + 12 : at + 8 + length]
        at += 8 + length


def _sized(raw: bytes) -> Iterator[bytes]:
    """The length-prefixed items of a sequence."""
    at = 0
    while at + 4 <= len(raw):
        (length,) = struct.unpack_from("<I", raw, at)
        yield raw[at + 4 : at + 4 + length]
        at += 4 + length


def _from_block(file: BinaryIO, layout: _Layout, block: bytes, *, v3: bool) -> Signer:
    try:
        signers = next(_sized(block))
        signed = next(_sized(next(_sized(signers))))
        digests, certificates, *_ = _sized(signed)
        attributes_at = 8 + len(digests) + len(certificates) + (8 if v3 else 0)
        attributes = next(_sized(signed[attributes_at:]), b"")
        first = next(_sized(certificates))
        stated = [(struct.unpack_from("<I", one)[0], next(_sized(one[4:]))) for one in _sized(digests)]
    except (StopIteration, ValueError, struct.error) as error:
        raise InstallFailure(_NO_CERTIFICATES, "Failed to parse the signing block") from error
    _check_contents(file, layout, stated)
    return Signer(first, _lineage(attributes, first))


def _lineage(attributes: bytes, current: bytes) -> tuple[bytes, ...]:
    """The certificates of a key rotation, oldest first, without the current one."""
    for attribute in _sized(attributes):
        if len(attribute) > 8 and struct.unpack_from("<I", attribute)[0] == _LINEAGE:
            nodes = list(_sized(attribute[8:]))
            found = [next(_sized(next(_sized(node)))) for node in nodes]
            return tuple(one for one in found if one != current)
    return ()


def _check_contents(file: BinaryIO, layout: _Layout, stated: list[tuple[int, bytes]]) -> None:
    """Raise `InstallFailure` when a stated digest that we can compute differs from the file's."""
    for algorithm, digest in stated:
        if algorithm in _SHA256_ALGORITHMS:
            name = "sha256"
        elif algorithm in _SHA512_ALGORITHMS:
            name = "sha512"
        else:
            continue
        if _content_digest(file, layout, name) != digest:
            words = f"{name.upper().replace('SHA', 'SHA-')} digest of contents did not verify"
            raise InstallFailure(_NO_CERTIFICATES, f"Failed to collect certificates: {words}")
        return


def _content_digest(file: BinaryIO, layout: _Layout, name: str) -> bytes:
    """The two-level digest over 1 MiB chunks; the end record is read as if the block were not there."""
    file.seek(layout.end_start)
    end = bytearray(file.read(layout.size - layout.end_start))
    struct.pack_into("<I", end, 16, layout.block_start)
    digests: list[bytes] = []
    for start, stop in ((0, layout.block_start), (layout.directory_start, layout.end_start)):
        file.seek(start)
        digests += _chunk_digests(file.read, stop - start, name)
    digests += _chunk_digests(io.BytesIO(bytes(end)).read, len(end), name)
    whole = b"\x5a" + struct.pack("<I", len(digests)) + b"".join(digests)
    return hashlib.new(name, whole).digest()


def _chunk_digests(read: Callable[[int], bytes], length: int, name: str) -> Iterator[bytes]:
    while length > 0:
        chunk = read(min(_CHUNK_BYTES, length))
        if not chunk:
            return
        length -= len(chunk)
        yield hashlib.new(name, b"\xa5" + struct.pack("<I", len(chunk)) + chunk).digest()
