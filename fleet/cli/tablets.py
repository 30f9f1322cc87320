"""`doorstep tablet`: look at any tablet that speaks ADB, without touching the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fleet.cli.console import JsonOption, err, out, print_json, print_rows, speaks_plainly
from fleet.settings import Settings
from provisioning.facts.catalogue import ALL
from provisioning.facts.observation import Unreadable
from provisioning.facts.reading import read_facts
from provisioning.transports.address import connect
from provisioning.transports.keys import load_or_make_key

app = typer.Typer(no_args_is_help=True, help="One tablet over ADB: its facts.")


@app.command("facts")
@speaks_plainly
def facts(
    address: Annotated[str, typer.Option("--connect", help="Where the tablet is: tcp:HOST:PORT.")],
    as_json: JsonOption = False,
    key: Annotated[Path | None, typer.Option(help="Folder of the bench's key; made at the first use.")] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for somebody to tap Allow on the tablet.")] = 30.0,
) -> None:
    """Read all facts of a tablet in one round trip and print them. What could not be read is said to be unreadable.

    Example: `doorstep tablet facts --connect tcp:127.0.0.1:6601 --json`
    """
    bench_key = load_or_make_key(key or Settings().data_dir / "adb")

    def ask_for_hands() -> None:
        err.print(f"Tap Allow on the tablet. This bench's key is {bench_key.fingerprint}.")

    transport = connect(address, signer=bench_key, auth_wait_seconds=wait, on_prompt=ask_for_hands)
    try:
        observation = read_facts(transport, ALL)
    finally:
        transport.close()
    if as_json:
        print_json(observation.to_json())
        return
    rows = [
        (name, f"could not be read: {reading.why}" if isinstance(reading, Unreadable) else reading)
        for name, reading in sorted(observation.readings.items())
    ]
    print_rows(f"Facts of the tablet at {address}", ("Fact", "Value"), rows)
    out.print(f"{len(rows)} facts, {len(observation.unreadable)} of them could not be read.")
