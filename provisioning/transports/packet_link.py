"""A link straight to a tablet's own ADB daemon, over any wire that carries its packets."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from provisioning.errors import CannotConnect, NotAuthorised, TransportError
from provisioning.transports.adb_device import MendedDevice
from provisioning.transports.adb_errors import translated
from provisioning.transports.bytelink import ByteLink
from provisioning.transports.keys import BenchKey
from provisioning.transports.link import Patience
from provisioning.transports.packet_stream import PacketStream


@dataclass(frozen=True)
class Greeting:
    """How to introduce ourselves to a daemon; `address` is for messages."""

    address: str
    key: BenchKey
    patience: Patience
    on_prompt: Callable[[], None] | None = None


class PacketLink:
    """`link.Link` over one wire. Connects and authenticates at once.

    Raises `CannotConnect` or, once the tablet asks its holder, `NotAuthorised`.
    """

    transport_id = 0

    def __init__(self, wire: ByteLink, greeting: Greeting) -> None:
        self._device = MendedDevice(wire)
        self._greeting = greeting
        try:
            self._greet()
        except BaseException:
            self.close()
            raise
        self.features = self._device.peer_features

    @property
    def longest_service(self) -> int:
        return self._device.largest_payload - 1  # a service's name ends in a zero byte

    def open(self, service: bytes, *, deadline: float, stall_seconds: float) -> PacketStream:
        return PacketStream(self._device, service, deadline=deadline, stall_seconds=stall_seconds)

    def restart(self, *, deadline: float) -> None:
        seconds = deadline - time.monotonic()
        try:
            with self.open(b"reboot:", deadline=deadline, stall_seconds=seconds) as stream:
                while stream.read() is not None:
                    pass
                # Connecting again at once would meet the daemon that is about to go.
                while True:
                    self._device.io.receive(deadline)
        except TimeoutError:
            raise
        except OSError:
            return

    def close(self) -> None:
        self._device.close()

    def _greet(self) -> None:
        patience = self._greeting.patience
        try:
            with translated(self._greeting.address, "connecting"):
                self._device.greet(
                    self._greeting.key.signer,
                    timeout_seconds=patience.connect_seconds,
                    auth_wait_seconds=patience.auth_wait_seconds,
                    on_prompt=self._greeting.on_prompt,
                )
        except TransportError as error:
            raise self._why_not(error) from error

    def _why_not(self, error: TransportError) -> TransportError:
        address = self._greeting.address
        if self._device.io.public_key_sent:
            return NotAuthorised(
                f"The tablet at {address} has not accepted this bench's key yet. On its screen tick Always allow from "
                f"this computer and tap Allow (the key's fingerprint is {self._greeting.key.fingerprint}), then try "
                "again.",
                address=address,
            )
        if isinstance(error, CannotConnect):
            return error
        return CannotConnect(
            f"No tablet answered at {address}. Check that it is on, on this network, and that USB debugging or "
            f"debugging over TCP is switched on. ({error.__cause__ or error})",
            address=address,
        )
