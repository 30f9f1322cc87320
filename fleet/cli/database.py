"""`doorstep db`: bring the database up to date, take it back, say where it stands."""

from __future__ import annotations

from typing import Annotated

import typer

from fleet.cli.console import JsonOption, out, print_json, speaks_plainly
from fleet.cli.installation import any_database
from fleet.database.migrate import current_revision, differences, downgrade, head_revision, upgrade
from fleet.schema import metadata
from fleet.settings import Settings

app = typer.Typer(no_args_is_help=True, help="The database: upgrade, downgrade, status.")


@app.command("upgrade")
@speaks_plainly
def upgrade_command() -> None:
    """Bring the database up to date; makes the SQLite file when there is none.

    Example: `doorstep db upgrade`
    """
    with any_database(Settings()) as database:
        upgrade(database.engine)
        out.print(f"The database is up to date ({current_revision(database.engine)}).")


@app.command("downgrade")
@speaks_plainly
def downgrade_command(
    revision: Annotated[str, typer.Argument(help="The revision to go back to; `base` empties the database.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
) -> None:
    """Take the database back to an earlier revision. What later tables held is lost.

    Example: `doorstep db downgrade base --yes`
    """
    if not yes:
        typer.confirm(f"This loses data newer than {revision}. Go on?", abort=True)
    with any_database(Settings()) as database:
        downgrade(database.engine, revision)
        out.print(f"The database is at {current_revision(database.engine) or 'nothing'}.")


@app.command("status")
@speaks_plainly
def status(as_json: JsonOption = False) -> None:
    """Say which revision the database is at, and whether it is the one this version needs.

    Example: `doorstep db status --json`
    """
    with any_database(Settings()) as database:
        at, wanted = current_revision(database.engine), head_revision()
        agrees = at == wanted and not differences(database.engine, metadata)
    if as_json:
        print_json({"revision": at, "needed": wanted, "up_to_date": agrees})
    else:
        out.print(f"The database is at {at or 'nothing'}; this version needs {wanted}.")
    if not agrees:
        raise typer.Exit(1)
