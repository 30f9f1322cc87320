"""A small ADB daemon for fault injection: its shell is this machine's sh, its files live in a folder.

It says what a real daemon might say at its worst (old protocol, refused services, cut answers); it is no tablet. The
virtual tablet is the thing to test behaviour against.
"""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

MODERN = "shell_v2,cmd,stat_v2,abb_exec,delayed_ack"
WINDOW_BYTES = 3_000_000
"""What a daemon that delays acknowledgements lets the client send ahead: not a whole number of packets."""
MAX_PAYLOAD = 1024 * 1024


@dataclass
class Behaviour:
    """How the daemon is to behave; the defaults are a current Android that knows every key."""

    version: int = 0x01000001
    max_payload: int = MAX_PAYLOAD
    features: str | None = MODERN
    """None leaves the list out of the banner altogether."""
    authorised: bool = True
    asks_for_key: bool = False
    asks_for_tls: bool = False
    refused: tuple[str, ...] = ()
    """Prefixes of services answered with CLSE."""
    opened_then_closed: tuple[str, ...] = ()
    """Prefixes of services answered with OKAY and at once CLSE."""
    closes_twice: bool = False
    """Says CLSE once more after its own, and answers the client's with another."""
    closes_with_zero: bool = False
    delays_acks: bool = False
    """Agrees to `delayed_ack`; the default promises it and then acknowledges packet by packet."""
    sums_nothing: bool = False
    """Leaves data_check 0 in every packet, the greeting included."""
    terminal_newlines: bool = False
    cut_exit_code: bool = False
    cut_after_bytes: int = 0
    """Drop the connection once this many bytes of payload have arrived on it."""
    cut_after_sent: int = 0
    """Drop the connection once this many bytes have been sent on it, in the middle of a packet or not."""
    answer_to_install: bytes = b"Success\n"
    full_after_bytes: int = 0
    loses_bytes: int = 0
    """How many bytes of each pushed file are silently not written."""
    wrong_sum: bool = False
    stays_up: bool = False
    """Ignores a request to reboot."""


@dataclass
class Seen:
    services: list[str] = field(default_factory=list)
    packets: list[tuple[bytes, int, int]] = field(default_factory=list)
    """(command, arg0, data_check) of every packet from the client."""
    installed: bytes = b""
    connections: int = 0


class Daemon:
    """Listens on a free loopback port until `close`."""

    def __init__(self, root: Path, behaviour: Behaviour | None = None) -> None:
        self.root, self.behaviour, self.seen = root, behaviour or Behaviour(), Seen()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._wires: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.drop_links()
        for thread in self._threads:
            thread.join(5)
            assert not thread.is_alive()

    def drop_links(self) -> None:
        for wire in self._wires:
            with suppress(OSError):  # it had ended by itself
                wire.shutdown(socket.SHUT_RDWR)

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            self.seen.connections += 1
            self._wires.append(wire)
            self._start(lambda wire=wire: self._serve(wire))  # type: ignore[misc]  # mypy cannot type a lambda default

    def _serve(self, wire: socket.socket) -> None:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with wire:
                Conversation(self, wire).run()
        except (OSError, EOFError):
            return


class Conversation:
    def __init__(self, daemon: Daemon, wire: socket.socket) -> None:
        self.daemon, self.behaviour, self.seen, self.wire = daemon, daemon.behaviour, daemon.seen, wire
        self.received_bytes = self.sent_bytes = 0

    def run(self) -> None:
        self._greet()
        while True:
            command, arg0, arg1, payload = self.read()
            if command == b"OPEN":
                self._open(arg0, arg1, payload.rstrip(b"\0").decode())

    def read(self) -> tuple[bytes, int, int, bytes]:
        header = self._exactly(24)
        command, arg0, arg1, length, check, _ = struct.unpack("<4s5I", header)
        payload = self._exactly(length)
        self.seen.packets.append((command, arg0, check))
        self.received_bytes += length
        if 0 < self.behaviour.cut_after_bytes <= self.received_bytes:
            raise EOFError
        if command == b"CLSE" and self.behaviour.closes_twice:
            self.send(b"CLSE", arg1, arg0)
        if command in (b"CNXN", b"AUTH") or self.behaviour.version < 0x01000001:
            assert sum(payload) & 0xFFFFFFFF == check, "the client's payload sum is wrong"
            assert length <= max(self.behaviour.max_payload, 4096)
        return command, arg0, arg1, payload

    def send(self, command: bytes, arg0: int, arg1: int, payload: bytes = b"") -> None:
        summed = command in (b"CNXN", b"AUTH") or self.behaviour.version < 0x01000001
        check = sum(payload) & 0xFFFFFFFF if summed and not self.behaviour.sums_nothing else 0
        if self.behaviour.wrong_sum and command == b"WRTE":
            check ^= 1
        magic = struct.unpack("<I", command)[0] ^ 0xFFFFFFFF
        self._send_bytes(struct.pack("<4s5I", command, arg0, arg1, len(payload), check, magic) + payload)

    def _send_bytes(self, data: bytes) -> None:
        limit = self.behaviour.cut_after_sent
        left = limit - self.sent_bytes if limit else len(data)
        self.wire.sendall(data[:left])
        self.sent_bytes += len(data)
        if left < len(data):
            raise EOFError

    def _exactly(self, count: int) -> bytes:
        data = bytearray()
        while len(data) < count:
            piece = self.wire.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    def _greet(self) -> None:
        behaviour = self.behaviour
        command, _, _, banner = self.read()
        assert command == b"CNXN"
        # As adbd reads it: cut at the commas and no further, so that a zero byte at the end spoils the last name.
        self.host_features = frozenset(banner.partition(b"features=")[2].split(b","))
        if behaviour.asks_for_tls:
            self.send(b"STLS", 0x01000000, 0)
            raise EOFError
        if behaviour.asks_for_key:
            self.send(b"AUTH", 1, 0, os.urandom(20))
            assert self.read()[1] == 2, "a signature comes first"
            if not behaviour.authorised:
                self.send(b"AUTH", 1, 0, os.urandom(20))
                assert self.read()[1] == 3, "then the public key"
                self.read()
        listed = "" if behaviour.features is None else f"features={behaviour.features}"
        own_banner = f"device::ro.product.name=sample;{listed}"
        self.send(b"CNXN", behaviour.version, behaviour.max_payload, own_banner.encode())

    def _open(self, client_id: int, window: int, service: str) -> None:
        self.seen.services.append(service)
        agreed = "delayed_ack" in (self.behaviour.features or "").split(",") and b"delayed_ack" in self.host_features
        assert bool(window) == agreed, "adbd closes a stream whose window does not fit what was agreed"
        if service.startswith(self.behaviour.refused or ("\0",)):
            self.send(b"CLSE", 0, client_id)
            return
        stream = ServedStream(self, client_id, window)
        if not service.startswith(self.behaviour.opened_then_closed or ("\0",)):
            self._answer(stream, service)
        stream.close()
        if service.startswith("reboot:") and not self.behaviour.stays_up:
            raise EOFError

    def _answer(self, stream: ServedStream, service: str) -> None:
        if service.startswith("shell,v2"):
            self._shell_v2(stream, service.partition("raw:")[2])
        elif service.startswith("shell:"):
            output = self._sh(service.removeprefix("shell:"), merged=True).stdout
            stream.write(output.replace(b"\n", b"\r\n") if self.behaviour.terminal_newlines else output)
        elif service.startswith(("exec:cmd package install", "abb_exec:package\0install")):
            size = int(service.replace("\0", " ").rpartition(" ")[2])
            self.seen.installed = stream.read_exactly(size)
            stream.write(self.behaviour.answer_to_install)
        elif service == "sync:":
            SyncService(stream, self.daemon).run()

    def _shell_v2(self, stream: ServedStream, command: str) -> None:
        done = self._sh(command, merged=False)
        for kind, data in ((1, done.stdout), (2, done.stderr)):
            if data:
                stream.write(struct.pack("<BI", kind, len(data)) + data)
        if not self.behaviour.cut_exit_code:
            stream.write(struct.pack("<BIB", 3, 1, done.returncode & 0xFF))

    def _sh(self, command: str, *, merged: bool) -> subprocess.CompletedProcess[bytes]:
        inside = command.replace("/data/local/tmp", f"{self.daemon.root}/data/local/tmp")
        error = subprocess.STDOUT if merged else subprocess.PIPE
        path = f"{self.daemon.root}/bin:/usr/bin:/bin"
        return subprocess.run(
            ["/bin/sh", "-c", inside], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=error, check=False,
            env={"PATH": path, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip


class ServedStream:
    """One stream. Where acknowledgements are delayed, the client keeps within its window, and is sent `window`."""

    def __init__(self, conversation: Conversation, client_id: int, window: int) -> None:
        self.conversation, self.client_id, self.own_id = conversation, client_id, client_id + 1000
        self.inbox = bytearray()
        self.ended = False
        self.delays = conversation.behaviour.delays_acks
        self.window, self.given, self.unpaid = window, WINDOW_BYTES, 0
        conversation.send(b"OKAY", self.own_id, client_id, struct.pack("<i", self.given) if self.delays else b"")

    def write(self, data: bytes) -> None:
        largest = self.conversation.behaviour.max_payload
        for start in range(0, len(data), largest):
            piece = data[start : start + largest]
            self.conversation.send(b"WRTE", self.own_id, self.client_id, piece)
            self.window -= len(piece)
            if not self.delays:
                self._until(b"OKAY")
            while self.delays and self.window <= 0:
                self._until(b"OKAY")

    def read_exactly(self, count: int) -> bytes:
        while len(self.inbox) < count:
            self._until(b"WRTE")
        data = bytes(self.inbox[:count])
        del self.inbox[:count]
        return data

    def close(self) -> None:
        behaviour = self.conversation.behaviour
        for _ in range(2 if behaviour.closes_twice else 1):
            self.conversation.send(b"CLSE", 0 if behaviour.closes_with_zero else self.own_id, self.client_id)

    def _take(self, count: int) -> None:
        """Acknowledge: at once, or where acknowledgements are delayed only when the client may send no more."""
        assert not self.delays or self.given > 0, "the client sent past its window"
        self.given, self.unpaid = self.given - count, self.unpaid + count
        if not self.delays:
            self.conversation.send(b"OKAY", self.own_id, self.client_id)
        elif self.given <= 0:
            self.conversation.send(b"OKAY", self.own_id, self.client_id, struct.pack("<i", self.unpaid))
            self.given, self.unpaid = self.given + self.unpaid, 0

    def _until(self, wanted: bytes) -> None:
        while not self.ended:
            command, _, arg1, payload = self.conversation.read()
            if arg1 != self.own_id:
                continue
            if command == b"WRTE":
                self.inbox += payload
                self._take(len(payload))
            elif command == b"OKAY" and self.delays:
                self.window += struct.unpack("<i", payload)[0]
            self.ended = command == b"CLSE"
            if command == wanted:
                return
        raise EndOfStreamError


class EndOfStreamError(EOFError):
    """The client closed the stream."""


class SyncService:
    def __init__(self, stream: ServedStream, daemon: Daemon) -> None:
        self.stream, self.daemon, self.behaviour = stream, daemon, daemon.behaviour

    def run(self) -> None:
        try:
            while True:
                kind, length = struct.unpack("<4sI", self.stream.read_exactly(8))
                path = self.stream.read_exactly(length).decode()
                {b"STAT": self._stat, b"SEND": self._receive, b"RECV": self._send}[kind](path)
        except EndOfStreamError:
            return

    def _place(self, path: str) -> Path:
        return self.daemon.root / path.lstrip("/")

    def _stat(self, path: str) -> None:
        place = self._place(path)
        mode, size = (place.stat().st_mode, place.stat().st_size) if place.exists() else (0, 0)
        self.stream.write(struct.pack("<4s3I", b"STAT", mode, size, 0))

    def _fail(self, reason: str) -> None:
        self.stream.write(struct.pack("<4sI", b"FAIL", len(reason)) + reason.encode())

    def _receive(self, target: str) -> None:
        path, _, mode = target.rpartition(",")
        data, failed = bytearray(), False
        while True:
            kind, length = struct.unpack("<4sI", self.stream.read_exactly(8))
            if kind == b"DONE":
                break
            data += self.stream.read_exactly(length)
            if 0 < self.behaviour.full_after_bytes <= len(data) and not failed:
                self._fail("write failed: No space left on device")
                failed = True
        if failed:
            return
        if not self._place(path).parent.is_dir():
            self._fail("couldn't create file: Permission denied")
            return
        self._place(path).write_bytes(data[: len(data) - self.behaviour.loses_bytes])
        self._place(path).chmod(int(mode) & 0o777)
        self.stream.write(struct.pack("<4sI", b"OKAY", 0))

    def _send(self, path: str) -> None:
        if not self._place(path).is_file():
            self._fail("open failed: No such file or directory")
            return
        data = self._place(path).read_bytes()
        chunks = [data[start : start + 65536] for start in range(0, len(data), 65536)]
        body = b"".join(struct.pack("<4sI", b"DATA", len(chunk)) + chunk for chunk in chunks)
        self.stream.write(body + struct.pack("<4sI", b"DONE", 0))
