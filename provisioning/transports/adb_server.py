"""A running adb server: which tablets it sees, and following them as they come and go.

It is only ever talked to. It is not started, stopped or replaced, and the `adb` program, whose other version would
stop it, is never run here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from provisioning.errors import AdbServerNotRunning, CannotConnect, NothingListens, TransportError
from provisioning.transports.bytelink import ByteLink
from provisioning.transports.sighting import Sighting, parse_list
from provisioning.transports.smart_socket import Answer, NotAnAdbServer, ServerSaidNo, request

USUAL_HOST, USUAL_PORT = "127.0.0.1", 5037


def usual_port(environment: Mapping[str, str] = os.environ) -> int:
    """The port an adb server listens on here: adb's own variable, or its usual one."""
    said = environment.get("ANDROID_ADB_SERVER_PORT", "")
    return int(said) if said.isdecimal() and 0 < int(said) < 65536 else USUAL_PORT


class Tracker:
    """The server's list, sent at once and again whenever anything changes. Its end is the end of the server."""

    def __init__(self, wire: ByteLink, server: str) -> None:
        self._wire = wire
        self._server = server
        self._answer = Answer()

    def next(self, deadline: float) -> tuple[Sighting, ...]:
        """Wait for a list. TimeoutError: nothing has changed. ConnectionError: the server is gone."""
        text = self._answer.read(self._wire, deadline)
        self._answer = Answer()
        return parse_list(text, server=self._server)

    def pending(self) -> Iterator[tuple[Sighting, ...]]:
        """The lists that have come and nobody has read."""
        while self._wire.readable():
            try:
                yield self.next(time.monotonic())
            except TimeoutError:
                return

    def close(self) -> None:
        self._wire.close()


@dataclass(frozen=True)
class AdbServer:
    """Where a server is: `place` for messages, `new_wire` for a connection to it, `named` as it stands in addresses."""

    place: str
    new_wire: Callable[[], ByteLink]
    named: str = ""
    """``HOST:PORT/`` where it is not the usual server of its computer."""
    seconds: float = 10.0
    """How long it may take to answer."""

    def version(self) -> int:
        """The number both sides of adb compare: 41 since 2018. Raises `AdbServerNotRunning`."""
        answer = self.ask("host:version")
        try:
            return int(answer, 16)
        except ValueError as error:
            raise self._unlike_adb(error) from error

    def tablets(self) -> tuple[Sighting, ...]:
        """What it sees at this moment. Raises `AdbServerNotRunning`."""
        return parse_list(self.ask("host:devices-l"), server=self.named)

    def changes(self, *, idle_seconds: float = 5.0) -> Iterator[tuple[Sighting, ...]]:
        """What it sees, at once and after every change; the same again after `idle_seconds` of quiet.

        So a caller may look up and stop. Ends by raising `AdbServerNotRunning` when the server stops.
        """
        tracker = self.track()
        seen: tuple[Sighting, ...] = ()
        try:
            while True:
                with self._said(), suppress(TimeoutError):
                    seen = tracker.next(time.monotonic() + idle_seconds)
                yield seen
        finally:
            tracker.close()

    def track(self) -> Tracker:
        """Follow its list. Raises `AdbServerNotRunning`."""
        deadline = time.monotonic() + self.seconds
        wire = self.connect(deadline)
        try:
            with self._said():
                request(wire, b"host:track-devices-l", deadline)
        except BaseException:
            wire.close()
            raise
        return Tracker(wire, self.named)

    def ask(self, service: str) -> str:
        """One question to the server itself. Raises `CannotConnect` with its reason where it says no."""
        deadline = time.monotonic() + self.seconds
        wire = self.connect(deadline)
        try:
            with self._said():
                request(wire, service.encode(), deadline)
                return Answer().read(wire, deadline)
        finally:
            wire.close()

    def connect(self, deadline: float) -> ByteLink:
        """A connection to it, over which nothing has been said. Raises `AdbServerNotRunning`."""
        wire = self.new_wire()
        try:
            wire.connect(max(deadline - time.monotonic(), 0.001))
        except (OSError, NothingListens) as error:
            wire.close()
            raise self.not_running(error) from error
        return wire

    def not_running(self, error: Exception) -> AdbServerNotRunning:
        return AdbServerNotRunning(
            f"No adb server answers at {self.place}. On that computer start it with `adb start-server`, then try "
            f"again. ({error})"
        )

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            yield
        except TransportError:
            raise
        except ServerSaidNo as error:
            raise CannotConnect(f"The adb server at {self.place} said: {error}.") from error
        except NotAnAdbServer as error:
            raise self._unlike_adb(error) from error
        except OSError as error:
            raise self.not_running(error) from error

    def _unlike_adb(self, error: Exception) -> CannotConnect:
        return CannotConnect(f"What answers at {self.place} is no adb server: {error}. Check the port.")
