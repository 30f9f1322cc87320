"""Signing in to a bench over SSH: keys only, and only to the machine whose key was pinned."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import paramiko

from provisioning.benches.host_keys import HostKey, OnlyPinned, key_changed
from provisioning.benches.prompt_socket import prompt_socket
from provisioning.benches.ssh_errors import bench_errors
from provisioning.transports.adb_server import USUAL_PORT


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
    adb_server_port: int = USUAL_PORT
    """Of the adb server on the bench's own computer."""
    app_folder: str = ""
    """Where its computer keeps app files; empty for ``~/.cache/doorstep/apps``."""


def sign_in(settings: SshBenchSettings) -> paramiko.SSHClient:
    """Raises `BenchKeyChanged` before anything is sent to a machine whose key is not the pinned one, else
    `BenchUnreachable`, `BenchSignInRefused` or `BenchSettingsInvalid`.
    """
    client = paramiko.SSHClient()
    client.get_host_keys().add(_known_as(settings), settings.host_key.kind, settings.host_key.public_key())
    client.set_missing_host_key_policy(OnlyPinned(settings.name, settings.host_key))
    try:
        with bench_errors(settings.name):
            _connect(client, settings)
    except BaseException:
        client.close()
        raise
    return client


def _connect(client: paramiko.SSHClient, settings: SshBenchSettings) -> None:
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
