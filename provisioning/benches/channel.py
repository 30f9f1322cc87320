"""A tablet's bytes through a bench: one SSH ``direct-tcpip`` channel, seen as a `ByteLink`."""

from __future__ import annotations

import time
from contextlib import suppress

import paramiko

from provisioning.benches.ssh_errors import channel_errors
from provisioning.transports.bytelink import Buffer, ByteLink

WINDOW_BYTES = 8 * 1024 * 1024
"""How much a tablet may send before we have read it; a window smaller than an ADB packet would wait mid-packet."""
PIECE_BYTES = 32 * 1024
"""What OpenSSH takes in one channel message."""
LONGEST_WAIT_SECONDS = 24 * 3600.0
"""paramiko waits on a condition, which takes no infinite number."""


class ChannelLink(ByteLink):
    def __init__(self, connection: paramiko.Transport, host: str, port: int, *, bench: str) -> None:
        self._connection = connection
        self._place = (host, port)
        self._bench = bench
        self._address = f"{host}:{port}"
        self._channel: paramiko.Channel | None = None

    def connect(self, transport_timeout_s: float | None) -> None:
        with channel_errors(self._bench, self._address):
            self._channel = self._connection.open_channel(
                "direct-tcpip",
                dest_addr=self._place,
                src_addr=("127.0.0.1", 0),
                window_size=WINDOW_BYTES,
                timeout=transport_timeout_s,
            )

    def close(self) -> None:
        if self._channel is not None:
            with suppress(
                OSError, EOFError, paramiko.SSHException
            ):  # the connection has ended, and with it the channel
                self._channel.close()
            self._channel = None

    def read_into(self, view: memoryview, timeout_seconds: float) -> int:
        with channel_errors(self._bench, self._address):
            data = self._ready(timeout_seconds).recv(len(view))
        view[: len(data)] = data
        return len(data)

    def readable(self) -> bool:
        channel = self._channel
        return channel is None or channel.recv_ready() or bool(channel.eof_received) or channel.closed

    def write_parts(self, parts: list[Buffer], timeout_seconds: float) -> None:
        deadline = time.monotonic() + timeout_seconds
        started = False
        for piece in _pieces(parts):
            unsent = piece
            while unsent:
                try:
                    with channel_errors(self._bench, self._address):
                        sent = self._ready(deadline - time.monotonic()).send(unsent)
                except TimeoutError as error:
                    if started:
                        raise ConnectionAbortedError("the bench took only half a packet in the time allowed") from error
                    raise
                if not sent:
                    raise ConnectionResetError("the bench closed the way to the tablet")
                started, unsent = True, unsent[sent:]

    def _ready(self, timeout_seconds: float) -> paramiko.Channel:
        if self._channel is None:
            raise ConnectionError("the link is closed")
        self._channel.settimeout(min(max(timeout_seconds, 0.001), LONGEST_WAIT_SECONDS))
        return self._channel


def _pieces(parts: list[Buffer]) -> list[bytes]:
    """The parts joined and cut into channel messages, the header travelling with the first bytes of its payload."""
    head, payload = b"".join(parts[:-1]), memoryview(parts[-1])
    room = PIECE_BYTES - len(head)
    pieces = [head + bytes(payload[:room])]
    pieces.extend(bytes(payload[at : at + PIECE_BYTES]) for at in range(room, len(payload), PIECE_BYTES))
    return pieces
