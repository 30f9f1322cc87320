"""Reaching the tablet in a slot: the bench's own key, and the transport every look and run begins with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from fleet.settings import Settings
from provisioning.transports.address import connect
from provisioning.transports.base import Transport
from provisioning.transports.keys import BenchKey, load_or_make_key

AUTH_WAIT_SECONDS = 2.0
"""How long a look waits for somebody to tap Allow before it goes away and comes back later."""


class OpenTablet(Protocol):
    """Opens a link to the tablet at an address; raises `provisioning.errors.TransportError`."""

    def __call__(self, address: str, *, signer: BenchKey, on_prompt: Callable[[], None]) -> Transport: ...


def open_tablet(address: str, *, signer: BenchKey, on_prompt: Callable[[], None]) -> Transport:
    """The link used everywhere outside tests."""
    return connect(
        address, signer=signer, timeout_seconds=8.0, auth_wait_seconds=AUTH_WAIT_SECONDS, on_prompt=on_prompt
    )


def key_folder(settings: Settings) -> Path:
    return settings.data_dir / "adb"


def bench_key(settings: Settings) -> BenchKey:
    """This installation's key, made at first use. Raises `provisioning.errors.KeyUnusable`."""
    return load_or_make_key(key_folder(settings))
