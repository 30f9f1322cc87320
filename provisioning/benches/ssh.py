"""A bench on another machine, reached by SSH: the same links, their bytes through channels of the connection.

A tablet on the network needs nothing of the bench but sshd, and knows our key. One on the bench's USB ports is reached
through the adb server there, and knows the server's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import TracebackType

import paramiko

from provisioning.benches.base import Attached
from provisioning.benches.channel import ChannelLink
from provisioning.benches.host_install import AppsKept, HostInstaller, apps_kept
from provisioning.benches.host_program import Host
from provisioning.benches.sign_in import SshBenchSettings, sign_in
from provisioning.benches.watching import watch
from provisioning.errors import BenchError, CannotConnect, TransportError
from provisioning.transports.adb_transport import Installer
from provisioning.transports.address import SCHEMES, Address, ServerAddress, TcpAddress, open_place, parse_address
from provisioning.transports.base import Transport
from provisioning.transports.install import install_app
from provisioning.transports.keys import BenchKey
from provisioning.transports.link import Patience
from provisioning.transports.packet_link import Greeting
from provisioning.transports.reach import LOOPBACK, Reach

__all__ = ["SshBench", "SshBenchSettings", "open_ssh_bench"]


@dataclass
class _Connection:
    """One signed-in connection, and what has been found out over it."""

    client: paramiko.SSHClient
    wire: paramiko.Transport
    host: Host
    kept: dict[str, AppsKept] = field(default_factory=dict)
    """By adb server, whether the bench's computer hands apps to its tablets."""

    def alive(self) -> bool:
        try:
            self.wire.send_ignore()
        except (OSError, EOFError, paramiko.SSHException):
            return False
        return bool(self.wire.is_active())


class SshBench:
    """An SSH connection to a bench, carrying many tablets at once; opened anew when the next one is needed.

    A link that was open when the connection dropped is lost, and what it was doing is unknown.
    """

    def __init__(self, settings: SshBenchSettings, tablet_key: BenchKey) -> None:
        self._settings = settings
        self._tablet_key = tablet_key
        self._lock = threading.Lock()
        self._closed = False
        self._connection = self._sign_in()

    @property
    def name(self) -> str:
        return self._settings.name

    def __enter__(self) -> SshBench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open_tablet(self, address: str, *, on_prompt: Callable[[], None] | None = None) -> Transport:
        """`address` is in any form that `provisioning.transports.address` knows, or a bare ``HOST:PORT``.

        A ``usb:`` port is reached through the adb server there, for SSH carries no USB. Besides `TransportError`,
        raises `BenchError` where the connection had dropped and signing in again failed.
        """
        settings = self._settings
        place = parse_address(address if address.strip().partition(":")[0] in SCHEMES else f"tcp:{address.strip()}")
        patience = Patience(settings.connect_seconds, settings.auth_wait_seconds, poll_seconds=settings.poll_seconds)
        greeting = Greeting(f"ssh:{settings.name}/{place}", self._tablet_key, patience, on_prompt)
        connection = self._live()
        try:
            return open_place(place, self._reach, greeting, self._installer(place))
        except TransportError:
            if self._closed or connection.alive():
                raise
        # The connection had dropped and nobody knew yet. Nothing has been asked of the tablet.
        connection.client.close()
        self._live()
        return open_place(place, self._reach, greeting, self._installer(place))

    def attached(self) -> Attached:
        """What the adb server there tracks; it is the only one who sees the bench's USB ports."""
        try:
            return Attached(self._reach().server().tablets())
        except TransportError as error:
            return Attached((), (str(error),))

    def watch(self, *, idle_seconds: float = 2.0) -> Iterator[Attached]:
        return watch(self.attached, lambda: self._reach().server(), idle_seconds=idle_seconds)

    def apps_kept(self, server: str = "") -> AppsKept:
        """Whether its computer keeps app files, so that each crosses SSH once; asked once for each connection.

        `server` is the adb server that hands them to tablets, as ``HOST:PORT``; empty for the bench's own.
        """
        connection = self._usable()
        place = server or f"{LOOPBACK}:{self._settings.adb_server_port}"
        if place not in connection.kept:
            host, _, port = place.rpartition(":")
            connection.kept[place] = apps_kept(connection.host, self._reach().server(host, int(port)))
        return connection.kept[place]

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._connection.client.close()

    def _installer(self, place: Address) -> Installer:
        if isinstance(place, TcpAddress):
            return install_app  # no adb server there knows the tablet
        server = f"{LOOPBACK}:{self._settings.adb_server_port}"
        if isinstance(place, ServerAddress) and place.host:
            server = f"{place.host}:{place.port}"
        return HostInstaller(
            self.name,
            server,
            host=lambda: self._usable().host,
            kept=lambda: self.apps_kept(server),
            folder=self._settings.app_folder,
        )

    def _reach(self) -> Reach:
        """Ways through the connection as it is at this moment: a link never moves to another one."""
        wire, settings = self._usable().wire, self._settings
        return Reach(
            lambda host, port: ChannelLink(wire, host, port, bench=settings.name),
            settings.adb_server_port,
            via=settings.name,
            seconds=settings.connect_seconds,
        )

    def _usable(self) -> _Connection:
        try:
            return self._live()
        except BenchError as error:
            raise CannotConnect(str(error)) from error

    def _live(self) -> _Connection:
        """The connection, made anew where it has dropped. Raises `BenchError`, `CannotConnect` once it was closed."""
        with self._lock:
            if self._closed:
                raise CannotConnect(f"The connection to bench {self.name} is closed. Connect to the bench again.")
            if not self._connection.wire.is_active():
                self._connection.client.close()
                self._connection = self._sign_in()
            return self._connection

    def _sign_in(self) -> _Connection:
        client = sign_in(self._settings)
        wire = client.get_transport()
        assert wire is not None, "a client that connected has a transport"
        return _Connection(client, wire, Host(wire, self._settings.name))


def open_ssh_bench(settings: SshBenchSettings, *, tablet_key: BenchKey) -> SshBench:
    """Connect and sign in. Raises `BenchKeyChanged` before anything is sent to a machine whose key is not the pinned
    one, else `BenchUnreachable`, `BenchSignInRefused` or `BenchSettingsInvalid`.
    """
    return SshBench(settings, tablet_key)
