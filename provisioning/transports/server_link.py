"""A link to a tablet through a running adb server: one connection to the server for each stream.

The server's key is the one the tablet has accepted, not ours. The tablet is held by the number the server gave this
attachment of it, and by following the server's list: another tablet on the same port, the same one after a restart, or
a server that was started anew can never be taken for it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType

from provisioning.errors import CannotConnect
from provisioning.transports.adb_server import AdbServer
from provisioning.transports.bytelink import Buffer, ByteLink
from provisioning.transports.link import OUR_FEATURES, StreamClosed
from provisioning.transports.packet_link import Greeting
from provisioning.transports.server_refusals import no_such_tablet, not_ready, several, too_old
from provisioning.transports.sighting import Sighting, State
from provisioning.transports.smart_socket import ServerSaidNo, request

LARGEST_WRITE = 1024 * 1024
READ_BYTES = 128 * 1024
OLD_DAEMON_BYTES = 4095
"""Without shell v2 a daemon is of Android 6 or older, and may take no more than this in a service's name."""
LONGEST_REQUEST = 0xFFFF
"""What four hex digits can say."""
PASSING = frozenset({State.OFFLINE, State.CONNECTING, State.AUTHORISING})
"""States a tablet leaves by itself."""


class ServerStream:
    """`link.Stream` over a connection that the server has joined to the tablet's service."""

    largest_payload = LARGEST_WRITE

    def __init__(self, wire: ByteLink, *, deadline: float, stall_seconds: float) -> None:
        self._wire = wire
        self._deadline = deadline
        self._stall_seconds = stall_seconds
        self.heard = False

    def __enter__(self) -> ServerStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, payload: Buffer) -> None:
        try:
            self._wire.write_parts([payload], self._seconds())
        except TimeoutError:
            raise
        except OSError as error:
            raise StreamClosed from error

    def write(self, payload: Buffer) -> None:
        self.send(payload)

    def read(self) -> bytearray | None:
        data = bytearray(READ_BYTES)
        try:
            count = self._wire.read_into(memoryview(data), self._seconds())
        except ConnectionError:
            # A server that closes with bytes of ours unread resets the connection: the same end.
            return None
        del data[count:]
        self.heard = self.heard or bool(data)
        return data or None

    def waiting(self) -> bool:
        return self._wire.readable()

    def close(self) -> None:
        self._wire.close()

    def _seconds(self) -> float:
        return min(self._deadline - time.monotonic(), self._stall_seconds)


class ServerLink:
    """`link.Link` to the tablet that the server calls `tablet`: a serial, or ``usb:1-4.2``.

    Raises `AdbServerNotRunning`, `NotAuthorised`, `SeveralTablets`, `TabletNotReady`, `UsbNotPermitted` or
    `CannotConnect`. A tablet on its way (starting, asking its holder) is waited for as the greeting's patience says.
    """

    def __init__(self, server: AdbServer, tablet: str, greeting: Greeting) -> None:
        self._server = server
        self._tablet = tablet
        self._greeting = greeting
        self._tracker = server.track()
        try:
            self._number = self._ready_tablet().transport_id
            said = server.ask(f"host-transport-id:{self._number}:features")
        except OSError as error:
            self.close()
            raise server.not_running(error) from error
        except BaseException:
            self.close()
            raise
        self.features = OUR_FEATURES & frozenset(said.split(","))

    @property
    def transport_id(self) -> int:
        """Raises ConnectionError once the tablet has gone."""
        for seen in self._tracker.pending():
            self._need_same(seen)
        return self._number

    @property
    def longest_service(self) -> int:
        return LONGEST_REQUEST if "shell_v2" in self.features else OLD_DAEMON_BYTES

    def open(self, service: bytes, *, deadline: float, stall_seconds: float) -> ServerStream:
        number = self.transport_id
        limit = min(deadline, time.monotonic() + stall_seconds)
        wire = self._connected(limit)
        try:
            _ask_for(wire, number, service, limit)
        except BaseException:
            wire.close()
            raise
        return ServerStream(wire, deadline=deadline, stall_seconds=stall_seconds)

    def restart(self, *, deadline: float) -> None:
        with self.open(b"reboot:", deadline=deadline, stall_seconds=deadline - time.monotonic()) as stream:
            while stream.read() is not None:
                pass
        with suppress(ConnectionError):
            while True:
                self._need_same(self._tracker.next(deadline))

    def close(self) -> None:
        self._tracker.close()

    def _connected(self, deadline: float) -> ByteLink:
        try:
            return self._server.connect(deadline)
        except CannotConnect as error:
            raise ConnectionResetError(str(error)) from error

    def _need_same(self, seen: Iterable[Sighting]) -> None:
        if not any(one.transport_id == self._number and one.ready for one in seen):
            raise ConnectionResetError("the adb server has lost the tablet")

    def _ready_tablet(self) -> Sighting:
        began = time.monotonic()
        asked = False
        found = self._chosen(self._tracker.next(began + self._server.seconds))
        while not found.ready:
            if found.state is State.UNAUTHORISED and not asked and self._greeting.on_prompt:
                self._greeting.on_prompt()
                asked = True
            try:
                found = self._chosen(self._tracker.next(began + self._patience_with(found.state)))
            except TimeoutError as error:
                raise not_ready(found, address=self._greeting.address, place=self._server.place) from error
        return found

    def _patience_with(self, state: State) -> float:
        patience = self._greeting.patience
        if state is State.UNAUTHORISED:
            return patience.auth_wait_seconds
        return patience.connect_seconds if state in PASSING else 0.0

    def _chosen(self, seen: tuple[Sighting, ...]) -> Sighting:
        found = [one for one in seen if self._tablet in (one.name, f"usb:{one.usb_path}" if one.usb_path else "")]
        if not found:
            raise no_such_tablet(seen, address=self._greeting.address, place=self._server.place)
        if not found[0].transport_id:
            raise too_old(address=self._greeting.address, place=self._server.place)
        if len(found) > 1:
            raise several(found, address=self._greeting.address, place=self._server.place)
        return found[0]


def _ask_for(wire: ByteLink, number: int, service: bytes, deadline: float) -> None:
    try:
        request(wire, f"host:transport-id:{number}".encode(), deadline)
        request(wire, service, deadline)
    except ServerSaidNo as error:
        if str(error) == "closed":  # what a daemon's CLSE becomes
            raise StreamClosed from error
        raise ConnectionResetError(f"the adb server says: {error}") from error
