"""The bench this program runs on: tablets are reached directly."""

from __future__ import annotations

from dataclasses import dataclass

from provisioning.transports.address import connect
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey


@dataclass(frozen=True)
class LocalBench:
    tablet_key: BenchKey
    name: str = "this bench"
    connect_seconds: float = 10.0
    auth_wait_seconds: float = 3.0
    poll_seconds: float = 1.0

    def open_tablet(self, address: str) -> Transport:
        """`address` is in any form that `provisioning.transports.address` knows."""
        return connect(
            address,
            signer=self.tablet_key,
            timeout_seconds=self.connect_seconds,
            auth_wait_seconds=self.auth_wait_seconds,
            poll_seconds=self.poll_seconds,
        )

    def close(self) -> None:
        """Nothing is held between tablets."""
