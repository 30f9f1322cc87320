"""A real sshd in front of a virtual tablet, and settings that reach it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from provisioning.benches.host_keys import parse_host_key
from provisioning.benches.ssh import SshBenchSettings
from tests.provisioning.benches.sshd import RunningSshd, running_sshd


@pytest.fixture
def sshd(tmp_path: Path) -> Iterator[RunningSshd]:
    with running_sshd(tmp_path / "sshd") as running:
        yield running


@pytest.fixture
def settings(sshd: RunningSshd) -> SshBenchSettings:
    return settings_for(sshd)


def settings_for(sshd: RunningSshd) -> SshBenchSettings:
    return SshBenchSettings(
        name="Sample bench",
        host="127.0.0.1",
        port=sshd.port,
        user=sshd.user,
        host_key=parse_host_key(sshd.host_key_line),
        key_file=sshd.user_key,
        connect_seconds=5,
        auth_wait_seconds=3,
        poll_seconds=0.02,
    )
