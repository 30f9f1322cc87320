"""`doorstep tablet`: look at any tablet that speaks ADB, without touching the database."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from fleet.cli.console import JsonOption, out, print_json, print_rows, speaks_plainly
from fleet.cli.fact_words import fact_words, spoken
from fleet.cli.tablet_link import AddressOption, KeyOption, WaitOption, open_tablet
from fleet.cli.tablet_plans import apply_profile, plan_profile
from provisioning.capture.capturing import capture as capture_tablet
from provisioning.capture.capturing import inspect_bundle
from provisioning.facts.catalogue import ALL
from provisioning.facts.observation import Observation
from provisioning.facts.reading import read_facts

app = typer.Typer(
    no_args_is_help=True, help="One tablet over ADB: its facts, support bundles of them, and what a profile does to it."
)
app.command("plan")(plan_profile)
app.command("apply")(apply_profile)


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
    out.print(
        "Names, addresses, numbers and networks in it are masked. Look into it before you send it to anybody.",
        soft_wrap=True,
    )


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


def _show(observation: Observation, title: str, *, as_json: bool) -> None:
    if as_json:
        print_json(observation.to_json())
        return
    rows = [(spoken(name), fact_words(reading)) for name, reading in sorted(observation.readings.items())]
    print_rows(title, ("Fact", "Value"), rows, ruled=True)
    out.print(f"{len(rows)} facts, {len(observation.unreadable)} of them could not be read.")
