"""`doorstep tablet`: look at any tablet that speaks ADB, without touching the database."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from fleet.cli.console import JsonOption, err, out, print_json, print_rows, speaks_plainly
from fleet.settings import Settings
from provisioning.capture.capturing import capture as capture_tablet
from provisioning.capture.capturing import inspect_bundle
from provisioning.facts.catalogue import ALL
from provisioning.facts.observation import Observation, Unreadable
from provisioning.facts.reading import read_facts
from provisioning.transports.address import connect
from provisioning.transports.base import Transport
from provisioning.transports.keys import load_or_make_key

app = typer.Typer(no_args_is_help=True, help="One tablet over ADB: its facts, and support bundles of them.")

AddressOption = Annotated[str, typer.Option("--connect", help="Where the tablet is: tcp:HOST:PORT.")]
KeyOption = Annotated[Path | None, typer.Option(help="Folder of the bench's key; made at the first use.")]
WaitOption = Annotated[float, typer.Option(help="Seconds to wait for somebody to tap Allow on the tablet.")]


@app.command("facts")
@speaks_plainly
def facts(address: AddressOption, as_json: JsonOption = False, key: KeyOption = None, wait: WaitOption = 30.0) -> None:
    """Read all facts of a tablet in one round trip and print them. What could not be read is said to be unreadable.

    Example: `doorstep tablet facts --connect tcp:127.0.0.1:6601 --json`
    """
    transport = open_tablet(address, key, wait)
    try:
        observation = read_facts(transport, ALL)
    finally:
        transport.close()
    _show(observation, f"Facts of the tablet at {address}", as_json=as_json)


@app.command("capture")
@speaks_plainly
def capture(
    address: AddressOption,
    target: Annotated[Path, typer.Option("--out", help="The support bundle to write, a ZIP file.", dir_okay=False)],
    key: KeyOption = None,
    wait: WaitOption = 30.0,
) -> None:
    """Write a support bundle: what the tablet answers to every question, with all personal data masked.

    Example: `doorstep tablet capture --connect tcp:127.0.0.1:6601 --out bundle.zip`
    """
    transport = open_tablet(address, key, wait)
    try:
        observation = capture_tablet(transport, target, product_version=version("doorstep"))
    finally:
        transport.close()
    out.print(f"{target} is written: {len(observation.readings)} facts, {len(observation.unreadable)} unreadable.")
    out.print("Names, addresses, numbers and networks in it are masked. Look into it before you send it to anybody.")


@app.command("inspect")
@speaks_plainly
def inspect(
    bundle: Annotated[Path, typer.Argument(help="A support bundle that `tablet capture` wrote.", dir_okay=False)],
    as_json: JsonOption = False,
) -> None:
    """Print the facts in a support bundle, as if its tablet were here. A probe it does not hold is unreadable.

    Example: `doorstep tablet inspect bundle.zip --json`
    """
    _show(inspect_bundle(bundle), f"Facts in {bundle.name}", as_json=as_json)


def open_tablet(address: str, key: Path | None, wait: float) -> Transport:
    """Connect with the bench's key, saying on the terminal when somebody has to tap Allow."""
    bench_key = load_or_make_key(key or Settings().data_dir / "adb")

    def ask_for_hands() -> None:
        err.print(f"Tap Allow on the tablet. This bench's key is {bench_key.fingerprint}.")

    return connect(address, signer=bench_key, auth_wait_seconds=wait, on_prompt=ask_for_hands)


def _show(observation: Observation, title: str, *, as_json: bool) -> None:
    if as_json:
        print_json(observation.to_json())
        return
    rows = [
        (name, f"could not be read: {reading.why}" if isinstance(reading, Unreadable) else reading)
        for name, reading in sorted(observation.readings.items())
    ]
    print_rows(title, ("Fact", "Value"), rows)
    out.print(f"{len(rows)} facts, {len(observation.unreadable)} of them could not be read.")
