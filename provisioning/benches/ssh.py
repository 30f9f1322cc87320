"""A bench on another machine, reached by SSH: the same transport, its bytes through a channel of the connection.

The tablets' key stays here; the bench only forwards bytes and needs nothing installed but sshd.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import paramiko

from provisioning.benches.channel import ChannelLink
from provisioning.benches.host_keys import HostKey, OnlyPinned, key_changed
from provisioning.benches.prompt_socket import prompt_socket
from provisioning.benches.ssh_errors import bench_errors
from provisioning.errors import CannotConnect
from provisioning.transports.adb_transport import AdbTransport
from provisioning.transports.address import parse_host_and_port
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey
from provisioning.transports.link import Patience
from provisioning.transports.packet_link import Greeting, PacketLink


@dataclass(frozen=True)
class SshBenchSettings:
    """How to sign in to a bench. Keys only: from `key_file`, or from the agent where `use_agent` is true."""

    name: str
    host: str
    user: str
    host_key: HostKey
    port: int = 22
    key_file: Path | None = None
    use_agent: bool = False
    connect_seconds: float = 10.0
    keep_alive_seconds: int = 15
    auth_wait_seconds: float = 3.0
    poll_seconds: float = 1.0


class SshBench:
    """An open SSH connection to a bench. One connection carries many tablets at once."""

    def __init__(self, settings: SshBenchSettings, tablet_key: BenchKey, client: paramiko.SSHClient) -> None:
        self._settings = settings
        self._tablet_key = tablet_key
        self._client = client

    @property
    def name(self) -> str:
        return self._settings.name

    def __enter__(self) -> SshBench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open_tablet(self, address: str) -> Transport:
        """`address` is ``HOST:PORT`` or ``tcp:HOST:PORT`` as seen from the bench."""
        settings = self._settings
        host, port = parse_host_and_port(address.strip().removeprefix("tcp:"))
        patience = Patience(settings.connect_seconds, settings.auth_wait_seconds, poll_seconds=settings.poll_seconds)
        greeting = Greeting(f"ssh:{settings.name}/tcp:{host}:{port}", self._tablet_key, patience)
        return AdbTransport(
            greeting.address,
            lambda: PacketLink(ChannelLink(self._connection, host, port, bench=settings.name), greeting),
            patience,
        )

    def close(self) -> None:
        self._client.close()

    def _connection(self) -> paramiko.Transport:
        connection = self._client.get_transport()
        if connection is None or not connection.is_active():
            raise CannotConnect(f"The connection to bench {self.name} is closed. Connect to the bench again.")
        return connection


def open_ssh_bench(settings: SshBenchSettings, *, tablet_key: BenchKey) -> SshBench:
    """Connect and sign in. Raises `BenchKeyChanged` before anything is sent to a machine whose key is not the pinned
    one, else `BenchUnreachable`, `BenchSignInRefused` or `BenchSettingsInvalid`.
    """
    client = paramiko.SSHClient()
    client.get_host_keys().add(_known_as(settings), settings.host_key.kind, settings.host_key.public_key())
    client.set_missing_host_key_policy(OnlyPinned(settings.name, settings.host_key))
    try:
        with bench_errors(settings.name):
            _sign_in(client, settings)
    except BaseException:
        client.close()
        raise
    return SshBench(settings, tablet_key, client)


def _sign_in(client: paramiko.SSHClient, settings: SshBenchSettings) -> None:
    wire = prompt_socket(settings.host, settings.port, timeout_seconds=settings.connect_seconds)
    try:
        client.connect(
            settings.host,
            settings.port,
            username=settings.user,
            key_filename=str(settings.key_file) if settings.key_file else None,
            allow_agent=settings.use_agent,
            look_for_keys=False,
            sock=wire,
            timeout=settings.connect_seconds,
            banner_timeout=settings.connect_seconds,
            auth_timeout=settings.connect_seconds,
            channel_timeout=settings.connect_seconds,
        )
    except paramiko.BadHostKeyException as error:
        raise key_changed(settings.name, settings.host_key, error.key) from error
    finally:
        if client.get_transport() is None:
            wire.close()
    connection = client.get_transport()
    assert connection is not None, "a client that connected has a transport"
    connection.set_keepalive(settings.keep_alive_seconds)


def _known_as(settings: SshBenchSettings) -> str:
    """The name under which paramiko looks a host key up."""
    return settings.host if settings.port == 22 else f"[{settings.host}]:{settings.port}"
