"""ADB's payload sum, at the speed of C. Only daemons at protocol 0x01000000, CNXN and AUTH still need it."""

from __future__ import annotations

from zlib import adler32

SLICE_BYTES = 256
"""The low half of Adler-32 is 1 plus the byte sum modulo 65 521; 256 bytes sum to at most 65 280, so it is exact."""


def payload_sum(payload: bytes | bytearray | memoryview) -> int:
    """The sum of all bytes modulo 2**32: what ADB calls data_check."""
    view = memoryview(payload)
    total = 0
    for start in range(0, len(view), SLICE_BYTES):
        total += (adler32(view[start : start + SLICE_BYTES]) & 0xFFFF) - 1
    return total & 0xFFFFFFFF
