"""A real sshd on a loopback port, with its own host key and one user key, both made for the test."""

from __future__ import annotations

import getpass
import os
import select
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SSHD = "/usr/sbin/sshd"
PRIVILEGE_SEPARATION = Path("/run/sshd")
"""Debian's sshd does not start as root without this folder, which an init system would have made."""


@dataclass(frozen=True)
class RunningSshd:
    port: int
    user: str
    user_key: Path
    host_key_line: str
    process: subprocess.Popen[str]


def make_key(path: Path) -> Path:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "test", "-f", str(path)], check=True)
    return path


@contextmanager
def running_agent(socket_path: Path, key: Path) -> Iterator[Path]:
    """A real ssh-agent that holds `key`; its socket."""
    process = subprocess.Popen(["ssh-agent", "-D", "-a", str(socket_path)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        process.stdout.readline()  # it says where it listens once it does
        environment = {**os.environ, "SSH_AUTH_SOCK": str(socket_path)}
        subprocess.run(["ssh-add", "-q", str(key)], env=environment, check=True)
        yield socket_path
    finally:
        process.terminate()
        process.communicate(timeout=10)


@contextmanager
def running_sshd(folder: Path, *, forwarding: str = "yes", port: int = 0) -> Iterator[RunningSshd]:
    """Keys already in `folder` are kept, so that a bench can be stopped and come back as itself."""
    folder.mkdir(exist_ok=True)
    for name in ("host", "user"):
        if not (folder / name).exists():
            make_key(folder / name)
    port = port or _free_port()
    config = folder / "sshd_config"
    config.write_text(_config(folder, port, forwarding))
    if os.geteuid() == 0:
        PRIVILEGE_SEPARATION.mkdir(mode=0o755, exist_ok=True)
    process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stderr=subprocess.PIPE, text=True)
    try:
        _wait_until_it_listens(process)
        host_key_line = (folder / "host.pub").read_text()
        yield RunningSshd(port, getpass.getuser(), folder / "user", host_key_line, process)
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _config(folder: Path, port: int, forwarding: str) -> str:
    return f"""ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
AllowTcpForwarding {forwarding}
LogLevel INFO
"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_it_listens(process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None
    said = ""
    while "Server listening" not in said:
        ready, _, _ = select.select([process.stderr], [], [], 10)
        line = process.stderr.readline() if ready else ""
        assert line, f"sshd did not start:\n{said}"
        said += line
