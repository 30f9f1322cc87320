"""Puts the groups of commands together."""

from __future__ import annotations

import typer

from fleet.cli import check, database, labels, serve, tablets, tokens, users, virtual
from fleet.demo import command as demo
from fleet.logs import configure_logs
from fleet.settings import Settings

app = typer.Typer(
    name="doorstep",
    help="Tablets lent to isolated people: wiped with evidence, provisioned, labelled, delivered, chased kindly.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)

app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("worker")(serve.worker)
app.command("check")(check.check)
app.add_typer(users.app, name="user")
app.add_typer(tokens.app, name="token")
app.add_typer(database.app, name="db")
app.add_typer(tablets.app, name="tablet")
app.add_typer(virtual.app, name="virtual")
app.add_typer(labels.app, name="labels")


@app.callback()
def begin() -> None:
    """Set up the logs before any command runs."""
    configure_logs(Settings().log_format)


def main() -> None:
    """What the `doorstep` script runs."""
    app()
