"""The host side of ADB in a few lines, for asking the daemon what `adb` never would. Shares nothing with the daemon."""

from __future__ import annotations

import base64
import socket
import struct
from types import TracebackType

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

Packet = tuple[bytes, int, int, bytes]
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def android_public_key(key: rsa.RSAPrivateKey) -> bytes:
    """The key in Android's form, as base64 with a name."""
    numbers = key.public_key().public_numbers()
    n0inv = -pow(numbers.n, -1, 1 << 32) % (1 << 32)
    rr = pow(1 << 2048, 2, numbers.n)
    raw = struct.pack("<II", 64, n0inv) + numbers.n.to_bytes(256, "little") + rr.to_bytes(256, "little")
    return base64.b64encode(raw + struct.pack("<I", numbers.e)) + b" raw@test\0"


class RawHost:
    """One link, packet by packet."""

    def __init__(self, port: int, *, version: int = 0x01000001, max_payload: int = 1 << 20, features: str = "") -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.version = version
        self.max_payload = max_payload
        self.features = features

    def __enter__(self) -> RawHost:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, command: bytes, arg0: int, arg1: int, payload: bytes = b"", *, total: int | None = None) -> None:
        total = sum(payload) if total is None else total
        number = int.from_bytes(command, "little")
        self._socket.sendall(
            struct.pack("<4s5I", command, arg0, arg1, len(payload), total, number ^ 0xFFFFFFFF) + payload
        )

    def receive(self) -> Packet:
        """The next packet. Raises EOFError when the daemon hung up."""
        command, arg0, arg1, length, _, _ = struct.unpack("<4s5I", self._exactly(24))
        return command, arg0, arg1, self._exactly(length)

    def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            try:
                more = self._socket.recv(size - len(data))
            except ConnectionResetError:
                more = b""
            if not more:
                raise EOFError
            data += more
        return data

    def hello(self) -> bytes:
        """Send CNXN and return the token."""
        self.send(b"CNXN", self.version, self.max_payload, f"host::features={self.features}\0".encode())
        command, kind, _, token = self.receive()
        assert (command, kind) == (b"AUTH", 1)
        return token

    def offer_key(self, key: rsa.RSAPrivateKey = KEY) -> None:
        self.send(b"AUTH", 3, 0, android_public_key(key))

    def sign(self, token: bytes, key: rsa.RSAPrivateKey = KEY) -> None:
        self.send(b"AUTH", 2, 0, key.sign(token, padding.PKCS1v15(), Prehashed(hashes.SHA1())))

    def online(self) -> Packet:
        """Connect with a key that somebody accepts, and return the banner packet."""
        self.hello()
        self.offer_key()
        packet = self.receive()
        assert packet[0] == b"CNXN"
        return packet

    def open(self, service: str, *, local: int = 7, window: int = 0) -> Packet:
        self.send(b"OPEN", local, window, service.encode() + b"\0")
        return self.receive()

    def shell(self, script: str, *, local: int = 7) -> bytes:
        """Everything a v1 shell says until it closes."""
        command, remote, _, _ = self.open(f"shell:{script}", local=local)
        assert command == b"OKAY"
        said = b""
        while True:
            command, arg0, _, payload = self.receive()
            if command == b"CLSE":
                return said
            said += payload
            self.send(b"OKAY", local, arg0 or remote)
