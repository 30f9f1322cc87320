"""adb-shell with two flaws mended in subclasses: how packets are sent and read, and what is kept of the handshake.

Handshake, authentication, packet layout and stream opening stay adb-shell's own.
"""

from __future__ import annotations

import itertools
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

from adb_shell import constants
from adb_shell.adb_device import AdbDevice, _AdbIOManager
from adb_shell.adb_message import AdbMessage
from adb_shell.exceptions import InvalidChecksumError, InvalidCommandError, InvalidResponseError

from provisioning.transports.bytelink import ByteLink, Filling
from provisioning.transports.checksum import payload_sum
from provisioning.transports.link import OUR_FEATURES

VERSION_SKIP_CHECKSUM = 0x01000001
"""From this protocol version on, only CNXN and AUTH carry a payload sum (adb, docs/dev/protocol.md)."""

DELAYED_ACK = "delayed_ack"
"""The daemon takes many packets before it answers: each OKAY says how many bytes it stands for."""
HOST_BANNER = b"features=" + ",".join(sorted({*OUR_FEATURES, DELAYED_ACK})).encode()
LARGEST_PAYLOAD = 1024 * 1024
_STLS = b"STLS"


class NeedsPairing(Exception):
    """The daemon asks for TLS, which only a paired adb server can speak (Android 11+ wireless debugging)."""


@dataclass(frozen=True, slots=True)
class Packet:
    command: bytes
    arg0: int
    arg1: int
    payload: bytearray


class MendedIo(_AdbIOManager):  # type: ignore[misc]  # adb-shell ships no types, so its classes are Any
    """Sends a packet in one write, skips checksums where the daemon allows it, and survives a time limit mid-packet."""

    def __init__(self, link: ByteLink) -> None:
        super().__init__(link)
        self._link = link
        self._forget_peer()

    def _forget_peer(self) -> None:
        self.peer_version = 0
        self.peer_banner = b""
        self.public_key_sent = False
        self._header = Filling(constants.MESSAGE_SIZE)
        self._payload: Filling | None = None

    def connect(self, *arguments: Any) -> Any:
        self._forget_peer()
        return super().connect(*arguments)

    def receive(self, deadline: float) -> Packet:
        """The next packet, whoever it is for. Bytes read before a `TimeoutError` are kept for the next call."""
        self._header.fill(self._link, deadline)
        if self._payload is None:
            length = struct.unpack_from("<I", self._header.buffer, 12)[0]
            if length > LARGEST_PAYLOAD:
                raise InvalidResponseError(f"a packet claims {length} bytes")
            self._payload = Filling(length)
        self._payload.fill(self._link, deadline)
        header, payload = self._header.buffer, self._payload.buffer
        self._header, self._payload = Filling(constants.MESSAGE_SIZE), None
        return self._checked(header, payload)

    def transmit(self, command: bytes, arg0: int, arg1: int, payload: Any, deadline: float) -> None:
        wire = constants.ID_TO_WIRE[command]
        needs_sum = command in (constants.CNXN, constants.AUTH) or self.peer_version < VERSION_SKIP_CHECKSUM
        check = payload_sum(payload) if needs_sum else 0
        header = struct.pack("<6I", wire, arg0, arg1, len(payload), check, wire ^ 0xFFFFFFFF)
        self._link.write_parts([header, payload], deadline - time.monotonic())

    def _checked(self, header: bytearray, payload: bytearray) -> Packet:
        wire, arg0, arg1, _, check, magic = struct.unpack("<6I", header)
        command = constants.WIRE_TO_ID.get(wire)
        if struct.pack("<I", wire) == _STLS:
            raise NeedsPairing
        if command is None or magic != wire ^ 0xFFFFFFFF:
            raise InvalidCommandError(f"no ADB packet: header {header.hex()}")
        self._check_sum(command, payload, check)
        if command == constants.CNXN:
            self.peer_version, self.peer_banner = arg0, bytes(payload)
        return Packet(command, arg0, arg1, payload)

    def _check_sum(self, command: bytes, payload: bytearray, check: int) -> None:
        # Daemons at 0x01000001 may send 0 for anything but CNXN, and some send 0 even there.
        if self.peer_version >= VERSION_SKIP_CHECKSUM or (command == constants.CNXN and not check):
            return
        if payload and payload_sum(payload) != check:
            raise InvalidChecksumError(f"{command.decode()} payload sum differs from {check}")

    # What adb-shell itself calls, brought onto the two methods above.

    def _send(self, msg: AdbMessage, adb_info: Any) -> None:
        command = constants.WIRE_TO_ID[msg.command]
        arg0, data = msg.arg0, msg.data
        if command == constants.CNXN:
            # A banner has no zero byte at its end: a daemon would take it for a part of the last feature's name.
            arg0, data = VERSION_SKIP_CHECKSUM, bytes(data).rstrip(b"\0")
        self.public_key_sent = command == constants.AUTH and msg.arg0 == constants.AUTH_RSAPUBLICKEY
        self.transmit(command, arg0, msg.arg1, data, time.monotonic() + adb_info.transport_timeout_s)

    def _read_packet_from_device(self, adb_info: Any) -> tuple[bytes, int, int, bytearray]:
        packet = self.receive(time.monotonic() + adb_info.transport_timeout_s)
        return packet.command, packet.arg0, packet.arg1, packet.payload

    def read(self, expected_cmds: list[bytes], adb_info: Any, allow_zeros: bool = False) -> NoReturn:
        """Closed off: adb-shell's version drops a CLSE it did not expect and then waits for the time limit."""
        raise NotImplementedError("streams are read through Stream")


class MendedDevice(AdbDevice):  # type: ignore[misc]  # adb-shell ships no types, so its classes are Any
    """An adb-shell device whose packets go through `MendedIo` and whose banner is kept."""

    def __init__(self, link: ByteLink) -> None:
        super().__init__(link, banner=HOST_BANNER)
        self.io = MendedIo(link)
        self._io_manager = self.io
        self._stream_ids = itertools.count(1)

    def greet(
        self, signer: Any, *, timeout_seconds: float, auth_wait_seconds: float, on_prompt: Callable[[], None] | None
    ) -> None:
        """Connect and authenticate, using adb-shell's own handshake."""
        self.connect(
            rsa_keys=[signer],
            transport_timeout_s=timeout_seconds,
            read_timeout_s=timeout_seconds,
            auth_timeout_s=auth_wait_seconds,
            auth_callback=(lambda _device: on_prompt()) if on_prompt else None,
        )

    @property
    def largest_payload(self) -> int:
        return min(int(self._maxdata), LARGEST_PAYLOAD)

    @property
    def peer_features(self) -> frozenset[str]:
        """The daemon's features that we can use too; none where its banner has no list."""
        return OUR_FEATURES & self._said_features()

    @property
    def delays_acks(self) -> bool:
        """Whether both sides agreed to `delayed_ack`; then every OPEN must offer a window, and none may otherwise."""
        return DELAYED_ACK in self._said_features()

    def _said_features(self) -> frozenset[str]:
        banner = self.io.peer_banner.rstrip(b"\0").decode(errors="replace")
        _, _, properties = banner.partition("::")
        lists = [item.removeprefix("features=") for item in properties.split(";") if item.startswith("features=")]
        return frozenset(",".join(lists).split(","))

    def next_stream_id(self) -> int:
        return next(self._stream_ids)
