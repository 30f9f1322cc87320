"""Puts the commands together: a list of where each one is, so that only the one asked for is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from fleet.loading import loaded


@dataclass(frozen=True)
class Entry:
    """A command, or a group of them: its line in `doorstep --help`, and the name it has in a module."""

    line: str
    module: str
    name: str = "app"


ENTRIES: Mapping[str, Entry] = {
    "demo": Entry(
        "Play a taster month on six virtual tablets, check every claim, and leave the server up to look around.",
        "fleet.demo.command",
        "demo",
    ),
    "serve": Entry(
        "Serve the pages and the API, with a worker beside it. Refuses to start with a default secret outside the "
        "demo.",
        "fleet.cli.serve",
        "serve",
    ),
    "worker": Entry(
        "Run a worker alone, for an installation whose web server runs elsewhere.", "fleet.cli.serve", "worker"
    ),
    "check": Entry(
        "Say what is wrong with this installation and what to do; exit code 1 when something is.",
        "fleet.cli.check",
        "check",
    ),
    "user": Entry("People who sign in: add, list, password, sign-out.", "fleet.cli.users"),
    "token": Entry("API tokens: make, list, end.", "fleet.cli.tokens"),
    "people": Entry(
        "People who borrow: a copy of everything about one, erasing one, who was erased.", "fleet.cli.people"
    ),
    "db": Entry("The database: upgrade, downgrade, status.", "fleet.cli.database"),
    "tablet": Entry(
        "One tablet over ADB: its facts, support bundles of them, and what a profile does to it.", "fleet.cli.tablets"
    ),
    "app": Entry("The app library: add, list.", "fleet.cli.apps"),
    "sims": Entry("SIMs: read files of usage, seal PINs anew after the secret key changed.", "fleet.cli.sims"),
    "wipe": Entry("Wipe a tablet in a slot: the ways there are, and beginning one.", "fleet.cli.wipes"),
    "virtual": Entry("Tablets made of software: serve one, list the models.", "fleet.cli.virtual"),
    "chase": Entry(
        "Send what is due to borrowers, or say who gets or got what on a day.", "fleet.cli.chasing", "chase"
    ),
    "why": Entry("Say why somebody was, or was not, messaged.", "fleet.cli.chasing", "why"),
    "labels": Entry("Label sheets: presets, a sheet of labels, label printers, a test page.", "fleet.cli.labels"),
}


class LoadedWhenAsked(TyperGroup):
    """Lists its commands by their lines alone, and loads the one that is typed."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands.update({name: TyperCommand(name, help=entry.line) for name, entry in ENTRIES.items()})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else None, rest


app = typer.Typer(
    name="doorstep",
    cls=LoadedWhenAsked,
    help="Tablets lent to isolated people: wiped with evidence, provisioned, labelled, delivered, chased kindly.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)


@app.callback()
def begin() -> None:
    """Set up the logs before any command runs."""
    from fleet.cli.beginning import begin_well  # `--help` need not wait for the settings and the logs

    begin_well()


def load(name: str) -> TyperCommand | TyperGroup:
    """One command or group, whole."""
    entry = ENTRIES[name]
    found = loaded(entry.module, entry.name)
    holder = typer.Typer(rich_markup_mode="markdown", pretty_exceptions_enable=False, add_completion=False)
    holder.callback()(lambda: None)
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    return cast("TyperGroup", typer.main.get_command(holder)).commands[name]  # type: ignore[return-value]  # Typer makes no others


def main() -> None:
    """What the `doorstep` script runs."""
    app()
