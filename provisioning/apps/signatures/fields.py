"""The one encoding inside an APK Signing Block: little-endian numbers and parts that begin with their length."""

from __future__ import annotations

import struct
from collections.abc import Iterator


class Malformed(ValueError):
    """A length points past the end of what holds it."""


class Fields:
    """Takes fields off the front of `data`."""

    def __init__(self, data: bytes | memoryview) -> None:
        self._rest = memoryview(data)

    def __bool__(self) -> bool:
        return bool(self._rest)

    def u32(self) -> int:
        return int(struct.unpack("<I", self.take(4))[0])

    def u64(self) -> int:
        return int(struct.unpack("<Q", self.take(8))[0])

    def take(self, count: int) -> bytes:
        if count > len(self._rest):
            raise Malformed(f"{count} bytes were announced and {len(self._rest)} are left")
        taken, self._rest = self._rest[:count], self._rest[count:]
        return bytes(taken)

    def part(self) -> bytes:
        """A part with its 32-bit length before it."""
        return self.take(self.u32())

    def parts(self) -> Iterator[bytes]:
        """The parts inside the next part."""
        inside = Fields(self.part())
        while inside:
            yield inside.part()

    def rest(self) -> bytes:
        return self.take(len(self._rest))
