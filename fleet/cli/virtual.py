"""`doorstep virtual`: tablets made of software, for training, tests and demonstrations."""

from __future__ import annotations

import signal
import tempfile
import threading
from pathlib import Path
from typing import Annotated

import typer
from provisioning.virtual.scripted import ScriptedPerson

from fleet.cli.console import JsonOption, fail, out, print_json, print_rows, speaks_plainly
from provisioning.virtual.personality import load_personality, personality_names
from provisioning.virtual.serve import listening
from provisioning.virtual.tablet import VirtualTablet

app = typer.Typer(no_args_is_help=True, help="Tablets made of software: serve one, list the models.")


@app.command("tablet")
@speaks_plainly
def tablet(
    port: Annotated[int, typer.Option(help="Port to answer ADB on; 0 takes any free one.")] = 0,
    model: Annotated[str, typer.Option(help="Which model; see `doorstep virtual models`.")] = "samsung-tab-a9-14",
    folder: Annotated[Path | None, typer.Option(help="Folder that keeps the tablet; a new one is made here.")] = None,
    serial: Annotated[str, typer.Option(help="Serial of a new tablet.")] = "",
    hands: Annotated[bool, typer.Option(help="Let a scripted person tap Allow, erase and set up.")] = False,
) -> None:
    """Serve one virtual tablet on the loopback until it is stopped. With nobody's hands, a key is not accepted.

    Example: `doorstep virtual tablet --port 6601 --model samsung-tab-a9-14 --hands`
    """
    kept = folder or Path(tempfile.mkdtemp(prefix="doorstep-tablet-"))
    try:
        opened = VirtualTablet.open(kept, model, serial=serial)
    except ValueError as error:
        raise fail(str(error)) from error
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    person = ScriptedPerson(opened) if hands else None
    with listening(opened, port=port) as at:
        out.print(f"{opened.personality.model} answers ADB at 127.0.0.1:{at}; it is kept in {kept}.", soft_wrap=True)
        if person:
            person.start()
        stop.wait()
        if person:
            person.stop()
    opened.close()


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
