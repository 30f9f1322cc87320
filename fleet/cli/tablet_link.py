"""How the `doorstep tablet` commands reach their tablet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fleet.cli.console import err
from fleet.settings import Settings
from provisioning.transports.address import SCHEMES, connect
from provisioning.transports.base import Transport
from provisioning.transports.keys import load_or_make_key

AddressOption = Annotated[str, typer.Option("--connect", help=f"Where the tablet is: {'; '.join(SCHEMES.values())}.")]
KeyOption = Annotated[
    Path | None, typer.Option(help="Folder of the bench's key, made at first use; else adb in the data folder.")
]
WaitOption = Annotated[float, typer.Option(help="Seconds to wait for somebody to tap Allow on the tablet.")]


def open_tablet(address: str, key: Path | None, wait: float) -> Transport:
    """Connect with the bench's key, saying on the terminal when somebody has to tap Allow."""
    bench_key = load_or_make_key(key or Settings().data_dir / "adb")

    def ask_for_hands() -> None:
        err.print(f"Tap Allow on the tablet. This bench's key is {bench_key.fingerprint}.")

    return connect(address, signer=bench_key, auth_wait_seconds=wait, on_prompt=ask_for_hands)
