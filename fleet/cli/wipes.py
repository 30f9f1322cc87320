"""`doorstep wipe`: ask the tablet in a slot how it can be wiped, and begin it. The same refusals as on the pages."""

from __future__ import annotations

from typing import Annotated

import typer

from fleet.bench import service
from fleet.cli.console import JsonOption, fail, out, print_json, print_rows, speaks_plainly
from fleet.cli.installation import the_database
from fleet.clock import utc_now
from fleet.database.session import Database
from fleet.happening import Happening
from fleet.settings import Settings
from fleet.users import queries as users
from fleet.users.actor import Actor
from fleet.users.rules import Permission
from fleet.users.service import actor_of

app = typer.Typer(no_args_is_help=True, help="Wipe a tablet in a slot: the ways there are, and beginning one.")

SlotArgument = Annotated[int, typer.Argument(help="The slot's number, as in its page's address.", min=1)]


@app.command("ways")
@speaks_plainly
def ways(slot: SlotArgument, as_json: JsonOption = False) -> None:
    """Ask the tablet in a slot by which ways it can be wiped, best first. Nothing on it changes.

    Example: `doorstep wipe ways 3 --json`
    """
    settings = Settings()
    with the_database(settings) as database:
        found = service.ways_in_slot(database, slot, settings=settings, clock=utc_now)
    if found.problem:
        raise fail(found.problem)
    if as_json:
        blockers = [{"code": each.code.value, "what": each.what, "next": each.next} for each in found.blockers]
        print_json({"ways": [route.to_json() for route in found.routes], "blockers": blockers})
        return
    rows = [(route.code.value, "yes" if route.offered else "no", route.why) for route in found.routes]
    print_rows(f"Ways to wipe the tablet in slot {slot}", ("Way", "Open", "Why"), rows)
    for blocker in found.blockers:
        out.print(f"First: {blocker.what} {blocker.next}")


@app.command("begin")
@speaks_plainly
def begin(
    slot: SlotArgument,
    person: Annotated[str, typer.Option("--as", help="Email of the technician whom the certificate will name.")],
    media_removed: Annotated[
        bool, typer.Option("--media-removed", help="Say that SIM and memory card are out: a reset does not reach them.")
    ] = False,
    way: Annotated[str, typer.Option(help="The way, by the name `ways` gives it; without it the best one.")] = "",
) -> None:
    """Begin the wipe of the tablet that was last seen in a slot. A worker carries it on; the run's page shows it.

    Example: `doorstep wipe begin 3 --as one@example.org --media-removed`
    """
    settings = Settings()
    with the_database(settings) as database:
        actor = _technician(database, person)
        with database.write() as session:
            tablet_id = service.get_slot(session, slot).tablet_id
            if tablet_id is None:
                raise fail(f"Nothing was begun: no tablet of ours was seen in slot {slot}. Look into it at the bench.")
            run = service.start_wipe(
                session,
                tablet_id,
                slot,
                actor=actor,
                settings=settings,
                happening=Happening(now=utc_now(), source="cli"),
                media_removed=media_removed,
                route=way,
            )
            out.print(f"Run {run.id} wipes tablet {tablet_id}: {settings.public_url}/bench/runs/{run.id}")


def _technician(database: Database, email: str) -> Actor:
    with database.read() as session:
        user = users.user_by_email(session, email.strip().lower())
        if user is None or not user.active:
            raise fail(f"Nothing was begun: nobody signs in as {email}.")
        return actor_of(user).acting(Permission.BENCH_RUN)
