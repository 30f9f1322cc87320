"""A USB bus made of software: libusb's objects, whose bulk transfers reach the ADB daemon of a virtual tablet.

No cable is involved. It keeps the rules of a real bus that a client can break: transfers end with a short packet or
one of no bytes, header and payload are transfers of their own, and a read with too little room overflows.
"""

from __future__ import annotations

import socket
import struct
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import usb1
from adb_shell.transport.usb_transport import UsbTransport

PACKET_BYTES = 512
HEADER_BYTES = 24
READ, WRITE = 0x81, 0x02


@dataclass
class Endpoint:
    address: int

    def getAddress(self) -> int:  # noqa: N802 - usb1's name
        return self.address

    def getMaxPacketSize(self) -> int:  # noqa: N802 - usb1's name
        return PACKET_BYTES


@dataclass
class Interface:
    kind: tuple[int, int, int] = (0xFF, 0x42, 0x01)

    def getClass(self) -> int:  # noqa: N802 - usb1's name
        return self.kind[0]

    def getSubClass(self) -> int:  # noqa: N802 - usb1's name
        return self.kind[1]

    def getProtocol(self) -> int:  # noqa: N802 - usb1's name
        return self.kind[2]

    def getNumber(self) -> int:  # noqa: N802 - usb1's name
        return 1

    def iterEndpoints(self) -> Iterator[Endpoint]:  # noqa: N802 - usb1's name
        return iter([Endpoint(READ), Endpoint(WRITE)])


@dataclass
class SoftwareTablet:
    """What is plugged into one port; its daemon listens on `daemon_port`."""

    bus: int
    ports: list[int]
    daemon_port: int = 0
    interfaces: list[Interface] = field(default_factory=lambda: [Interface()])
    may_not_open: bool = False
    refusal: Callable[[], BaseException] | None = None
    """What claiming its interface raises."""
    ends_with_nothing: bool = False
    """Whether it, too, ends full transfers with one of no bytes."""
    stale: bytes = b""
    """What it still holds for whoever was connected before."""
    is_there: Callable[[], bool] = lambda: True
    opened: int = 0

    def getBusNumber(self) -> int:  # noqa: N802 - usb1's name
        return self.bus

    def getPortNumberList(self) -> list[int]:  # noqa: N802 - usb1's name
        return self.ports

    def getSerialNumber(self) -> str:  # noqa: N802 - usb1's name
        self.opened += 1  # it cannot be read without opening the tablet
        return "SAMPLE0001"

    def iterSettings(self) -> Iterator[Interface]:  # noqa: N802 - usb1's name
        return iter(self.interfaces)

    def open(self) -> Handle:
        self.opened += 1
        if self.may_not_open:
            raise usb1.USBErrorAccess()  # noqa: RSE102 - usb1 has no types, so that mypy asks for the call
        return Handle(self)


class Handle:
    """An opened tablet."""

    def __init__(self, tablet: SoftwareTablet) -> None:
        self._tablet = tablet
        self._wire: socket.socket | None = None
        self._to_host: deque[bytes] = deque([tablet.stale] if tablet.stale else [])
        self._arriving = bytearray()
        self._transfer = bytearray()
        self._payload_due = 0

    def kernelDriverActive(self, _number: int) -> bool:  # noqa: N802 - usb1's name
        return False

    def claimInterface(self, _number: int) -> None:  # noqa: N802 - usb1's name
        if self._tablet.refusal is not None:
            raise self._tablet.refusal()
        try:
            self._wire = socket.create_connection(("127.0.0.1", self._tablet.daemon_port), timeout=5)
        except OSError as error:
            raise usb1.USBErrorNoDevice from error
        self._wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def releaseInterface(self, _number: int) -> None:  # noqa: N802 - usb1's name
        if self._wire is None:
            raise usb1.USBErrorNotFound

    def close(self) -> None:
        if self._wire is not None:
            self._wire.close()

    def bulkWrite(self, endpoint: int, data: bytes, timeout: int = 0) -> int:  # noqa: N802 - usb1's name
        assert endpoint == WRITE
        assert timeout > 0, "0 would wait for ever"
        self._transfer += data
        if not data or len(data) % PACKET_BYTES:  # only a short packet, or none, ends a transfer
            whole, self._transfer = bytes(self._transfer), bytearray()
            expected = self._payload_due or HEADER_BYTES
            assert len(whole) == expected, "the daemon reads a header, then a payload of the size it names"
            self._payload_due = 0 if self._payload_due else struct.unpack_from("<I", whole, 12)[0]
            self._send(whole)
        return len(data)

    def bulkRead(self, endpoint: int, length: int, timeout: int = 0) -> bytearray:  # noqa: N802 - usb1's name
        assert endpoint == READ
        assert timeout > 0, "0 would wait for ever"
        assert length % PACKET_BYTES == 0, "a last packet that is full would overflow"
        deadline = time.monotonic() + timeout / 1000
        while not self._to_host:
            self._receive(deadline)
        transfer = self._to_host.popleft()
        if len(transfer) > length:
            self._to_host.appendleft(transfer[length:])
        return bytearray(transfer[:length])

    def _send(self, data: bytes) -> None:
        assert self._wire is not None
        try:
            self._wire.sendall(data)
        except OSError as error:
            raise usb1.USBErrorNoDevice from error

    def _receive(self, deadline: float) -> None:
        """Take what the daemon sent, and cut it into the transfers a tablet would make of it."""
        assert self._wire is not None
        self._wire.settimeout(max(deadline - time.monotonic(), 0.001))
        try:
            data = self._wire.recv(1 << 20)
        except TimeoutError as error:
            late = usb1.USBErrorTimeout()
            late.received = late.transferred = b""
            raise late from error
        except OSError as error:
            raise usb1.USBErrorNoDevice from error
        if not data:
            raise usb1.USBErrorNoDevice
        self._arriving += data
        while len(self._arriving) >= HEADER_BYTES:
            size = int(struct.unpack_from("<I", self._arriving, 12)[0])
            if len(self._arriving) < HEADER_BYTES + size:
                return
            self._to_host.append(bytes(self._arriving[:HEADER_BYTES]))
            self._queue_payload(bytes(self._arriving[HEADER_BYTES : HEADER_BYTES + size]))
            del self._arriving[: HEADER_BYTES + size]

    def _queue_payload(self, payload: bytes) -> None:
        if payload:
            self._to_host.append(payload)
            if self._tablet.ends_with_nothing and len(payload) % PACKET_BYTES == 0:
                self._to_host.append(b"")


def bus_of(*tablets: SoftwareTablet) -> Callable[[], Any]:
    """adb-shell's own search, on this bus instead of the computer's."""

    class OnSoftwareBus(UsbTransport):  # type: ignore[misc]  # adb-shell ships no types, so its classes are Any
        USB1_CTX = _Context(tablets)

    search: Callable[[], Any] = OnSoftwareBus.find_all_adb_devices
    return search


@dataclass
class _Context:
    tablets: tuple[SoftwareTablet, ...]

    def getDeviceIterator(self, *, skip_on_error: bool) -> Iterator[SoftwareTablet]:  # noqa: N802 - usb1's name
        assert skip_on_error, "one odd device must not hide the others"
        return iter([tablet for tablet in self.tablets if tablet.is_there()])
