"""A stream of a packet link, from OPEN to CLSE: its packets are read here, those of earlier streams laid aside."""

from __future__ import annotations

import time
from collections import deque
from types import TracebackType

from adb_shell import constants

from provisioning.transports.adb_device import MendedDevice, Packet
from provisioning.transports.bytelink import Buffer
from provisioning.transports.link import StreamClosed


class PacketStream:
    """`link.Stream` in ADB packets. One stream at a time runs on a link.

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

    def write(self, payload: Buffer) -> None:
        self.send(payload)
        while self._unacknowledged:
            if self.closed:
                raise StreamClosed
            self._take(self._io.receive(self._limit()))

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
        self._io.transmit(constants.OPEN, self._local_id, 0, service + b"\0", self._limit())
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
            self._io.transmit(constants.OKAY, self._local_id, self._remote_id, b"", self._limit())
            self._inbox.append(packet.payload)
            self.heard = self.heard or bool(packet.payload)

    def _acknowledge(self, packet: Packet) -> None:
        if not self._remote_id:
            self._remote_id = packet.arg0
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
