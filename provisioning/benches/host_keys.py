"""Pinned SSH host keys: a bench is the machine whose key a person once compared, and no other."""

from __future__ import annotations

import base64
import binascii
import socket
from dataclasses import dataclass

import paramiko
from paramiko.pkey import UnknownKeyType

from provisioning.benches.ssh_errors import bench_errors
from provisioning.errors import BenchKeyChanged, BenchSettingsInvalid


@dataclass(frozen=True)
class HostKey:
    """An SSH public key as it stands in a known_hosts file: ``ssh-ed25519 AAAA…``."""

    kind: str
    encoded: str

    def __str__(self) -> str:
        return f"{self.kind} {self.encoded}"

    @property
    def fingerprint(self) -> str:
        """``SHA256:…``, as `ssh-keygen -l` prints it."""
        return self.public_key().fingerprint

    def public_key(self) -> paramiko.PKey:
        return paramiko.PKey.from_type_string(self.kind, base64.b64decode(self.encoded))


def parse_host_key(text: str) -> HostKey:
    """Read ``KIND BASE64`` and ignore a comment after it. Raises `BenchSettingsInvalid`."""
    words = text.split()
    try:
        key = HostKey(words[0], words[1])
        key.public_key()
    except (IndexError, binascii.Error, ValueError, UnknownKeyType, paramiko.SSHException) as error:
        raise BenchSettingsInvalid(
            f"{text[:60]!r} is not an SSH host key. Give the line from the bench's own "
            "/etc/ssh/ssh_host_ed25519_key.pub."
        ) from error
    return key


def read_host_key(host: str, port: int = 22, *, timeout_seconds: float = 10.0) -> HostKey:
    """Ask a machine for its key, so that a person can compare its fingerprint before it is pinned.

    Nothing is stored and nobody signs in. Raises `BenchUnreachable`.
    """
    with bench_errors(f"{host}:{port}"), socket.create_connection((host, port), timeout=timeout_seconds) as wire:
        connection = paramiko.Transport(wire)
        try:
            connection.start_client(timeout=timeout_seconds)
            found = connection.get_remote_server_key()
        finally:
            connection.close()
    return HostKey(found.get_name(), found.get_base64())


class OnlyPinned(paramiko.MissingHostKeyPolicy):
    """Refuses a machine that answers with a key of a kind other than the pinned one's."""

    def __init__(self, bench: str, pinned: HostKey) -> None:
        self._bench, self._pinned = bench, pinned

    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        raise key_changed(self._bench, self._pinned, key)


def key_changed(bench: str, pinned: HostKey, found: paramiko.PKey) -> BenchKeyChanged:
    return BenchKeyChanged(
        f"No tablet was touched: the machine that answers as bench {bench} shows the key {found.fingerprint}, and the "
        f"one pinned for it is {pinned.fingerprint}. If the bench was installed anew, read its new key at the bench "
        "itself and pin that; if not, somebody may be in between.",
        bench=bench,
    )
