"""What every bench offers: a place with tablets that can be opened one by one."""

from __future__ import annotations

from typing import Protocol

from provisioning.transports.base import Transport


class Bench(Protocol):
    """A bench, here or on another machine. Its owner closes it; tablets opened through it end with it."""

    @property
    def name(self) -> str:
        """What people call it, as it stands in messages."""
        ...

    def open_tablet(self, address: str) -> Transport:
        """Connect to a tablet as seen from the bench. Raises `provisioning.errors.TransportError`."""
        ...

    def close(self) -> None:
        """Give everything back. Safe to call twice."""
        ...
