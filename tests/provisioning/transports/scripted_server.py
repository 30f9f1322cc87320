"""An adb server that says what it is told to, for the states that no virtual tablet can be brought into.

It is no judge of the protocol: the contract suite runs on the real adb server.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

FEATURES = "shell_v2,cmd"


class ScriptedServer:
    """Listens on a free loopback port. `show` changes its list, as when a cable is plugged in."""

    def __init__(self, listed: str) -> None:
        self.listed = listed
        self.asked: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._wires: list[socket.socket] = []
        self._trackers: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._begin(threading.Thread(target=self._accept))

    def show(self, listed: str) -> None:
        self.listed = listed
        for wire in self._trackers:
            _say(wire, listed)

    def close(self) -> None:
        with suppress(OSError):  # closed by the test itself
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for wire in self._wires:
            with suppress(OSError):  # the client went first
                wire.shutdown(socket.SHUT_RDWR)
            wire.close()
        for thread in self._threads:
            thread.join(5)

    def _begin(self, thread: threading.Thread) -> None:
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                wire, _ = self._listener.accept()
            except OSError:
                return
            self._wires.append(wire)
            self._begin(threading.Thread(target=self._serve, args=(wire,)))

    def _serve(self, wire: socket.socket) -> None:
        with suppress(OSError, ValueError):
            while self._answer(wire, wire.recv(int(wire.recv(4), 16)).decode()):
                pass
            if wire not in self._trackers:
                wire.shutdown(socket.SHUT_RDWR)

    def _answer(self, wire: socket.socket, service: str) -> bool:
        """Answer one request; True where another may follow on the same connection."""
        self.asked.append(service)
        if service.endswith("track-devices-l"):
            self._trackers.append(wire)
            _say(wire, self.listed, first=b"OKAY")
            return False
        if service.startswith("host:transport-id:"):
            wire.sendall(b"OKAY")
            return True
        if service.startswith("shell,v2"):
            wire.sendall(b"OKAY\x01\x03\0\0\0hi\n\x03\x01\0\0\0\0")
        elif service == "host:version":
            _say(wire, "0029", first=b"OKAY")
        elif service == "host:devices-l":
            _say(wire, self.listed, first=b"OKAY")
        elif service.endswith(":features"):
            _say(wire, FEATURES, first=b"OKAY")
        else:
            _say(wire, "closed", first=b"FAIL")
        return False


def _say(wire: socket.socket, text: str, *, first: bytes = b"") -> None:
    wire.sendall(first + f"{len(text.encode()):04x}{text}".encode())


@contextmanager
def scripted_server(listed: str = "") -> Iterator[ScriptedServer]:
    server = ScriptedServer(listed)
    try:
        yield server
    finally:
        server.close()
