"""Faults of the wire itself: wherever it breaks, the answer is right or there is none."""

from __future__ import annotations

import io
import socket
import struct
import time
from collections.abc import Iterator

import pytest
from adb_shell.exceptions import InvalidCommandError, InvalidResponseError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provisioning.command import Command
from provisioning.errors import TransportError
from provisioning.transports.adb_device import MendedDevice, MendedIo, Packet
from provisioning.transports.base import ShellResult
from provisioning.transports.bytelink import SocketLink
from tests.contracts.transport_contract import sample_bytes
from tests.provisioning.transports.conftest import Connect, Start

Ends = tuple[MendedIo, socket.socket, SocketLink]
FILE = sample_bytes(3000)


@pytest.fixture
def ends() -> Iterator[Ends]:
    """Our side of a wire, and the other side to be played by hand."""
    ours, theirs = socket.socketpair()
    link = SocketLink(lambda _seconds: ours, options=())
    link.connect(None)
    with theirs:
        yield MendedDevice(link).io, theirs, link
    link.close()


def packet(command: bytes, payload: bytes, *, length: int | None = None) -> bytes:
    magic = struct.unpack("<I", command)[0] ^ 0xFFFFFFFF
    size = len(payload) if length is None else length
    return struct.pack("<4s5I", command, 1, 2, size, sum(payload), magic) + payload


def soon() -> float:
    return time.monotonic() + 0.02


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(1, 4500), legacy=st.booleans())
def test_a_link_cut_after_any_byte_gives_the_right_answer_or_an_error(
    start_daemon: Start, connect_to: Connect, cut: int, legacy: bool
) -> None:
    old = {"version": 0x01000000, "max_payload": 4096, "features": ""} if legacy else {}
    daemon = start_daemon(cut_after_sent=cut, **old)
    (daemon.root / "data/local/tmp/file").write_bytes(FILE)
    back = io.BytesIO()
    try:
        transport = connect_to(daemon)
        assert transport.run(Command("echo out; exit 4")) == ShellResult(4, "out\n", "")
        transport.pull("/data/local/tmp/file", back)
    except TransportError as error:
        assert str(error).endswith((".", ")"))  # noqa: PT017 - either outcome is right, and both are checked
    else:
        assert back.getvalue() == FILE


@given(st.lists(st.integers(1, 60), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_time_limit_in_the_middle_of_a_packet_loses_no_bytes(ends: Ends, pieces: list[int]) -> None:
    io_manager, theirs, _ = ends
    data = packet(b"WRTE", b"hello tablet") + packet(b"OKAY", b"")
    received: list[Packet] = []
    for size in [*pieces, len(data)]:
        theirs.sendall(data[:size])
        data = data[size:]
        while len(received) < 2:
            try:
                received.append(io_manager.receive(time.monotonic() + 0.001))
            except TimeoutError:
                break
    assert [(got.command, bytes(got.payload)) for got in received] == [(b"WRTE", b"hello tablet"), (b"OKAY", b"")]


def test_half_a_sent_packet_is_a_broken_link_and_not_a_time_limit(ends: Ends) -> None:
    _, _, link = ends
    with pytest.raises(ConnectionAbortedError):
        link.write_parts([b"header", bytes(50_000_000)], 0.05)
    with pytest.raises(TimeoutError):
        link.write_parts([b"nothing of this leaves"], 0.01)


def test_a_packet_that_claims_to_be_huge_is_not_waited_for(ends: Ends) -> None:
    io_manager, theirs, _ = ends
    theirs.sendall(packet(b"WRTE", b"", length=0x7FFFFFFF))
    with pytest.raises(InvalidResponseError):
        io_manager.receive(soon())


@pytest.mark.parametrize("data", [b"HTTP/1.1 200 OK\r\nContent-Length: 0", b"\x00" * 24, b"WRTE" + bytes(20)])
def test_bytes_that_are_no_packet_are_refused(ends: Ends, data: bytes) -> None:
    io_manager, theirs, _ = ends
    theirs.sendall(data)
    with pytest.raises((InvalidCommandError, InvalidResponseError)):
        io_manager.receive(soon())


def test_an_ended_link_is_told_from_a_silent_one(ends: Ends) -> None:
    io_manager, theirs, _ = ends
    with pytest.raises(TimeoutError):
        io_manager.receive(soon())
    theirs.close()
    with pytest.raises(ConnectionResetError):
        io_manager.receive(soon())
