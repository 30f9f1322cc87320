"""`doorstep demo`: plays a taster month on virtual tablets through the real services, API and ADB wire."""

from __future__ import annotations

import signal
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from fleet.cli.console import REFUSED, err, fail, out, speaks_plainly
from fleet.clock import MovedClock
from fleet.database.migrate import upgrade
from fleet.database.session import open_database
from fleet.demo.client import Refused
from fleet.demo.folder import Beginning, DemoFolder, NotOurFolder, free_port
from fleet.demo.month import ACTS
from fleet.demo.people import DEMO_PASSWORD, make_people
from fleet.demo.report import write_report
from fleet.demo.scene import DemonstrationStuck, Say, Scene
from fleet.demo.server import demo_settings, served
from fleet.settings import Settings
from provisioning.virtual.bench import VirtualBench
from provisioning.virtual.cast import DEMO_CAST
from provisioning.virtual.scripted import Script

EARLIER = {
    Beginning.INTERRUPTED: "An earlier demonstration was interrupted; this goes on from there.",
    Beginning.FINISHED: "The earlier demonstration was finished: the month begins again, and the old one is gone.",
}


@speaks_plainly
def demo(
    exit_after: Annotated[bool, typer.Option("--exit", help="End after the summary instead of staying up.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the demonstration keeps its things.")] = Path("demo"),
    port: Annotated[int, typer.Option(help="Port of the web server; 0 takes any free one.")] = 0,
) -> None:
    """Play a taster month on six virtual tablets, check every claim, and leave the server up to look around.

    An interrupted demonstration goes on where it was; after a finished one the month begins again and the old one is
    erased. Exit code 0 only when every claim of the summary was checked.

    Example: `doorstep demo --exit`
    """
    place = DemoFolder(folder.absolute())
    found = _begin(place)
    if found in EARLIER:
        out.print(EARLIER[found], soft_wrap=True)
    began, say = time.monotonic(), _speaker()
    settings = demo_settings(place, port or free_port())
    with ExitStack() as stack:
        scene = _set_the_scene(stack, place, settings, say)
        try:
            _play(scene)
        except (DemonstrationStuck, Refused) as stuck:
            err.print(f"[bold red]Nothing was lost, but the demonstration could not go on.[/] {stuck}")
            err.print(f"Run it again to go on from here. The server's own words are in {place.server_log}.")
            raise typer.Exit(REFUSED) from stuck
        say("Every claim is checked, and the certificates are fetched.")
        doubts = write_report(scene, seconds=time.monotonic() - began)
        if doubts:
            err.print("[bold red]Not every claim could be shown to be true:[/]")
            for doubt in doubts:
                err.print(f"- {doubt}")
            raise typer.Exit(REFUSED)
        place.finish()
        if not exit_after:
            _stay_up(scene)


def _begin(place: DemoFolder) -> Beginning:
    try:
        return place.begin()
    except NotOurFolder as error:
        raise fail(str(error)) from error


def _set_the_scene(stack: ExitStack, place: DemoFolder, settings: Settings, say: Say) -> Scene:
    """Database, tablets, people and server. The server starts last and is the first to go."""
    say("Making the database, and a sign-in for every role.")
    database = open_database(settings.database)
    stack.callback(database.close)
    upgrade(database.engine)
    clock = MovedClock(settings.data_dir / "clock-offset-seconds")
    everybody = make_people(database, settings=settings, now=clock())
    say(f"Switching on {len(DEMO_CAST)} tablets made of software.")
    bench = stack.enter_context(VirtualBench.open(place.tablets, DEMO_CAST, script=Script(delay_seconds=0.3)))
    say(f"Starting the web server and its worker; what they write goes to {place.server_log}.")
    base = stack.enter_context(served(place, settings))
    return Scene(place, settings, database, clock, bench, everybody, base, say)


def _speaker() -> Say:
    begun = time.monotonic()
    return lambda words: out.print(f"[dim]{time.monotonic() - begun:5.1f} s[/]  {words}", soft_wrap=True)


def _play(scene: Scene) -> None:
    for number, act in enumerate(ACTS, start=1):
        out.print(f"[bold]{number} of {len(ACTS)}  {act.title}[/]")
        act.play(scene)


def _stay_up(scene: Scene) -> None:
    out.print(f"\n[bold]Doorstep is at {scene.base}[/]  Look around; Ctrl-C ends it.")
    for role, one in scene.people.items():
        out.print(f"  {role.value.replace('_', ' '):<16} {one.email:<44} {DEMO_PASSWORD}", soft_wrap=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
