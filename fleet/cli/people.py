"""`doorstep people`: what the data protection lead does about one person, from the computer itself."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from fleet.cli.console import JsonOption, noted, out, print_json, print_rows, speaks_plainly
from fleet.cli.installation import the_database
from fleet.clock import installation_clock
from fleet.database.lists import MAX_PER_PAGE, ListQuery
from fleet.happening import Happening
from fleet.people import service as people
from fleet.privacy import queries, service
from fleet.privacy.rules import WhyErase
from fleet.privacy.words import WHY_WORDS
from fleet.settings import Settings
from fleet.users.actor import SYSTEM

app = typer.Typer(
    no_args_is_help=True, help="People who borrow: a copy of everything about one, erasing one, who was erased."
)

Number = Annotated[int, typer.Argument(help="The number of the person's record.")]


@app.command("export")
@speaks_plainly
def export(
    person: Number,
    to: Annotated[Path | None, typer.Option(help="The file to write; standard output without it.")] = None,
) -> None:
    """Everything that is kept about one person, in one JSON file. That it was taken is written down.

    Example: `doorstep people export 12 --to everything-12.json`
    """
    settings = Settings()
    clock = installation_clock(demo=settings.demo, data_dir=settings.data_dir)
    with the_database(settings) as database, database.write() as session:
        happening = Happening(now=clock(), source="command")
        people.note_copied(session, people.get_person(session, person), actor=SYSTEM, happening=happening)
        found = service.everything_about(session, person, settings=settings, now=clock()).as_json()
    if to is None:
        print_json(found)
        return
    with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)  # a file that was there before keeps its own mode
        json.dump(found, file, ensure_ascii=False, indent=2)
    noted(f"Everything about person {person} is in {to}. Delete the file once it was handed over.")


@app.command("erase")
@speaks_plainly
def erase(
    person: Number,
    why: Annotated[WhyErase, typer.Option(help="Why the record goes.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a person's record for good, at once or as soon as nothing of theirs is open.

    Example: `doorstep people erase 12 --why asked`
    """
    settings = Settings()
    if not yes:
        typer.confirm(f"Erase all that is kept about person {person}? Nothing brings it back.", abort=True)
    clock = installation_clock(demo=settings.demo, data_dir=settings.data_dir)
    with the_database(settings) as database, database.write() as session:
        happening = Happening(now=clock(), source="command")
        stands = service.ask_to_erase(session, person, why, actor=SYSTEM, settings=settings, happening=happening)
    if stands.waits:
        out.print(f"Person {person} will be erased as soon as nothing is open:")
        for sentence in stands.waits:
            out.print(f"- {sentence}", soft_wrap=True)
        raise typer.Exit(1)
    out.print(f"Person {person} was erased.")


@app.command("erasures")
@speaks_plainly
def erasures(as_json: JsonOption = False) -> None:
    """Who was erased, or is to be, by number; the latest first.

    Example: `doorstep people erasures --json`
    """
    with the_database(Settings()) as database, database.read() as session:
        found = queries.find_erasures(session, ListQuery(per_page=MAX_PER_PAGE)).items
    if as_json:
        print_json([{"person": e.person_id, "why": e.why, "asked_at": e.asked_at, "done_at": e.done_at} for e in found])
    else:
        rows = [
            (
                e.person_id,
                f"{e.asked_at:%-d %b %Y}",
                WHY_WORDS[e.why],
                f"{e.done_at:%-d %b %Y}" if e.done_at else "waits",
            )
            for e in found
        ]
        print_rows("Erasures", ("Person", "Asked for", "Why", "Done"), rows)
