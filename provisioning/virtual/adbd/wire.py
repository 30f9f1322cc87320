"""The socket under a link: whole packets in and out, with the faults that a cable has (short, slow)."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

from provisioning.virtual.adbd import packet
from provisioning.virtual.adbd.packet import Header, Payload

COALESCE_BYTES = 64 * 1024
"""Below this, header and payload leave in one send, so that a small answer is one segment on the wire."""

SOCKET_BUFFER_BYTES = 4 * 1024 * 1024


class LinkDown(Exception):
    """The socket ended, by the peer or by us."""


class Wire:
    """One connected socket. `toll` is told of every number of bytes before they move and may raise `LinkDown`."""

    def __init__(self, sock: socket.socket, toll: Callable[[int], None], *, version: int) -> None:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SOCKET_BUFFER_BYTES)
        self._socket = sock
        self._toll = toll
        self._sending = threading.Lock()
        self.version = version

    def send(self, command: int, arg0: int, arg1: int, payload: Payload = b"") -> None:
        """Send one packet; packets of several threads never mix."""
        header = packet.pack_header(command, arg0, arg1, payload, version=self.version)
        self._pay(len(header) + len(payload))
        with self._sending, _as_link_down():
            if len(payload) <= COALESCE_BYTES:
                self._socket.sendall(header + payload)
            else:
                self._socket.sendall(header)
                self._socket.sendall(payload)

    def receive(self) -> tuple[Header, bytearray]:
        """The next packet. Raises `LinkDown` at the end and `packet.BadPacket` for nonsense."""
        header = packet.unpack_header(bytes(self._exactly(packet.HEADER.size)))
        if header.length > packet.PAYLOAD_BYTES:
            raise packet.BadPacket(f"a payload of {header.length} bytes is more than any version allows")
        payload = self._exactly(header.length)
        packet.check_payload(header, payload, version=self.version)
        return header, payload

    def _exactly(self, size: int) -> bytearray:
        self._pay(size)
        buffer = bytearray(size)
        view, got = memoryview(buffer), 0
        while got < size:
            with _as_link_down():
                count = self._socket.recv_into(view[got:])
            if count == 0:
                raise LinkDown("the other side closed the link")
            got += count
        return buffer

    def _pay(self, size: int) -> None:
        """A cable that is cut is cut for both ends, whichever thread finds it out."""
        try:
            self._toll(size)
        except LinkDown:
            self.shut()
            raise

    def shut(self) -> None:
        """Wake every thread that waits on the socket. Safe to call twice."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.shut()
        self._socket.close()


@contextlib.contextmanager
def _as_link_down() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LinkDown(str(error)) from error
