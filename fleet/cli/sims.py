"""`doorstep sims`: read what was used from the folder, and seal PINs anew after the secret key changed."""

from __future__ import annotations

import typer

from fleet.bundles import service
from fleet.cli.console import JsonOption, fail, out, print_json, speaks_plainly
from fleet.cli.installation import the_database
from fleet.clock import installation_clock
from fleet.settings import Settings
from fleet.webhooks import service as webhooks

app = typer.Typer(no_args_is_help=True, help="SIMs: read files of usage, seal PINs anew after the secret key changed.")


@app.command("read-usage")
@speaks_plainly
def read_usage(as_json: JsonOption = False) -> None:
    """Record the files of usage that wait in the folder `usage` of the data folder, as the schedule does every hour.

    Example: `doorstep sims read-usage --json`
    """
    settings = Settings()
    clock = installation_clock(demo=settings.demo, data_dir=settings.data_dir)
    with the_database(settings) as database:
        done = service.fetch_usage(database, service.usage_folder(settings), clock=clock)
    if as_json:
        print_json({"recorded": done.recorded, "readings": done.readings, "refused": done.refused})
    else:
        out.print(f"{done.readings} readings from {done.recorded} files; {done.refused} files refused.")
    if done.refused:
        raise typer.Exit(1)


@app.command("rekey")
@speaks_plainly
def rekey() -> None:
    """Seal every PIN, PUK, code and webhook's secret anew under DOORSTEP_SECRET_KEY. The old key opens them.

    That is DOORSTEP_OLD_SECRET_KEY.

    All of them or none; a second run changes nothing.

    Example: `doorstep sims rekey`
    """
    settings = Settings()
    if not settings.old_secret_key.get_secret_value():
        raise fail("Nothing was changed. The key before is not given.", "Give it as DOORSTEP_OLD_SECRET_KEY.")
    old = settings.model_copy(update={"secret_key": settings.old_secret_key})
    with the_database(settings) as database, database.write() as session:
        changed = service.rekey(session, old=old, settings=settings)
        changed += webhooks.rekey(session, old=old, settings=settings)
    out.print(f"{changed} sealed anew. Take DOORSTEP_OLD_SECRET_KEY away.")
