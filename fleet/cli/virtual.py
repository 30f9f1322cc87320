"""`doorstep virtual`: tablets made of software, for training, tests and demonstrations."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from fleet.cli.console import JsonOption, fail, out, print_json, print_rows, speaks_plainly
from provisioning.virtual.faults import parse_fault
from provisioning.virtual.personality import load_personality, personality_names
from provisioning.virtual.scripted import Script
from provisioning.virtual.serve import serve_tablet
from provisioning.virtual.store import TabletInUse

app = typer.Typer(no_args_is_help=True, help="Tablets made of software: serve one, list the models.")


@app.command("tablet")
@speaks_plainly
def tablet(
    port: Annotated[int, typer.Option(help="Port to answer ADB on; 0 takes any free one.")] = 0,
    model: Annotated[str, typer.Option(help="Which model; see `doorstep virtual models`.")] = "samsung-tab-a9-14",
    folder: Annotated[Path | None, typer.Option(help="Folder that keeps the tablet; a new one is made here.")] = None,
    serial: Annotated[str, typer.Option(help="Serial of a new tablet.")] = "",
    hands: Annotated[bool, typer.Option(help="Let a scripted person tap Allow, erase and set up.")] = False,
    fault: Annotated[
        list[str] | None, typer.Option(help="Something that goes wrong, as in slow=50; may be given again.")
    ] = None,
) -> None:
    """Serve one virtual tablet on the loopback until it is stopped.

    Its hands are your keyboard. A fresh one stands at its welcome screens: type `setup`, then `debugging`, connect, and
    type `accept` while the computer waits. Anything else lists the deeds.

    Example: `doorstep virtual tablet --port 6601 --model samsung-tab-a9-14`
    """
    kept = folder or Path(tempfile.mkdtemp(prefix="doorstep-tablet-"))
    try:
        serve_tablet(
            kept,
            model,
            port=port,
            serial=serial,
            script=Script() if hands else None,
            faults=[parse_fault(each) for each in fault or ()],
            say=lambda words: print(words, flush=True),  # noqa: T201 - a line at once, also into a pipe
            keyboard=sys.stdin,
        )
    except (ValueError, TabletInUse) as error:
        raise fail(str(error)) from error
    except OSError as error:
        raise fail(f"Port {port} cannot be used: {error.strerror}.", "Choose another with --port.") from error
    out.print(f"The tablet is kept in {kept}.", soft_wrap=True)


@app.command("models")
@speaks_plainly
def models(as_json: JsonOption = False) -> None:
    """List the models a virtual tablet can be.

    Example: `doorstep virtual models --json`
    """
    found = [load_personality(name) for name in personality_names()]
    if as_json:
        print_json([{"name": each.name, "model": each.model, "android": each.release} for each in found])
    else:
        rows = [(each.name, each.manufacturer, each.model, each.release) for each in found]
        print_rows("Virtual tablets", ("Name", "Maker", "Model", "Android"), rows)
