"""A stream of a packet link, from OPEN to CLSE: its packets are read here, those of earlier streams laid aside."""

from __future__ import annotations

import struct
import time
from collections import deque
from types import TracebackType

from adb_shell import constants

from provisioning.transports.adb_device import MendedDevice, Packet
from provisioning.transports.bytelink import Buffer
from provisioning.transports.link import StreamClosed

WINDOW_BYTES = 32 * 1024 * 1024
"""What each side may send ahead where acknowledgements are delayed, as adb itself offers (adb, adb.h)."""
ACKNOWLEDGE_EVERY_BYTES = WINDOW_BYTES // 8
_BYTES_TAKEN = struct.Struct("<i")


class PacketStream:
    """`link.Stream` in ADB packets. One stream at a time runs on a link.

    Every packet waits for its OKAY; where the daemon delays acknowledgements (adb, docs/dev/delayed_ack.md) bytes are
    sent ahead until the window it gave is used up.

    Each wait may take `stall_seconds` and the whole may not pass `deadline` (on the monotonic clock); both end in
    `TimeoutError`. `StreamClosed` is raised while opening when the daemon refuses the service.
    """

    def __init__(self, device: MendedDevice, service: bytes, *, deadline: float, stall_seconds: float) -> None:
        self._device = device
        self._io = device.io
        self._local_id = device.next_stream_id()
        self._remote_id = 0
        self._deadline = deadline
        self._stall_seconds = stall_seconds
        self._inbox: deque[bytearray] = deque()
        self._unacknowledged = 0
        self._delays_acks = device.delays_acks
        self._window = 0
        self._taken = 0
        self.heard = False
        self.closed = False
        self._open(service)

    def __enter__(self) -> PacketStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def largest_payload(self) -> int:
        return self._device.largest_payload

    def send(self, payload: Buffer) -> None:
        if self.closed:
            raise StreamClosed
        self._io.transmit(constants.WRTE, self._local_id, self._remote_id, payload, self._limit())
        self._unacknowledged += 1
        self._window -= len(payload)

    def write(self, payload: Buffer) -> None:
        self.send(payload)
        while self._must_wait():
            if self.closed:
                raise StreamClosed
            self._take(self._io.receive(self._limit()))

    def _must_wait(self) -> bool:
        return self._window <= 0 if self._delays_acks else self._unacknowledged > 0

    def read(self) -> bytearray | None:
        while not self._inbox:
            if self.closed:
                return None
            self._take(self._io.receive(self._limit()))
        return self._inbox.popleft()

    def waiting(self) -> bool:
        return bool(self._inbox)

    def close(self) -> None:
        """Say CLSE without waiting for the answer, which the next stream on this link lays aside."""
        if self.closed:
            return
        self.closed = True
        try:
            self._io.transmit(constants.CLSE, self._local_id, self._remote_id, b"", time.monotonic() + 1.0)
        except OSError:
            return  # the link is gone, and with it the stream

    def _open(self, service: bytes) -> None:
        window = WINDOW_BYTES if self._delays_acks else 0
        self._io.transmit(constants.OPEN, self._local_id, window, service + b"\0", self._limit())
        while not self._remote_id:
            if self.closed:
                raise StreamClosed
            self._take(self._io.receive(self._limit()))

    def _take(self, packet: Packet) -> None:
        if packet.arg1 != self._local_id or (self._remote_id and packet.arg0 not in (0, self._remote_id)):
            self._lay_aside(packet)
        elif packet.command == constants.CLSE:
            # Old daemons close with arg0 = 0, and daemons 11 to 14 answer our CLSE with one more.
            self._answer_close(packet)
        elif packet.command == constants.OKAY:
            self._acknowledge(packet)
        elif packet.command == constants.WRTE:
            self._say_taken(len(packet.payload))
            self._inbox.append(packet.payload)
            self.heard = self.heard or bool(packet.payload)

    def _say_taken(self, count: int) -> None:
        self._taken += count
        if self._delays_acks and self._taken < ACKNOWLEDGE_EVERY_BYTES:
            return
        words = _BYTES_TAKEN.pack(self._taken) if self._delays_acks else b""
        self._io.transmit(constants.OKAY, self._local_id, self._remote_id, words, self._limit())
        self._taken = 0

    def _acknowledge(self, packet: Packet) -> None:
        counted = len(packet.payload) == _BYTES_TAKEN.size
        if not self._remote_id:
            self._remote_id = packet.arg0
            self._delays_acks &= counted  # a daemon may promise it and then acknowledge packet by packet
        if self._delays_acks and counted:
            self._window += _BYTES_TAKEN.unpack(packet.payload)[0]
        elif self._unacknowledged:
            self._unacknowledged -= 1

    def _answer_close(self, packet: Packet) -> None:
        if self._remote_id:
            self._io.transmit(constants.CLSE, self._local_id, self._remote_id, b"", self._limit())
        self.closed = True

    def _lay_aside(self, packet: Packet) -> None:
        """A packet of a stream we have left: only bytes need an answer, or the daemon would wait for it for ever."""
        if packet.command == constants.WRTE:
            self._io.transmit(constants.CLSE, packet.arg1, packet.arg0, b"", self._limit())

    def _limit(self) -> float:
        return min(self._deadline, time.monotonic() + self._stall_seconds)
