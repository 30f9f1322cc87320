"""`doorstep app`: the app library from a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from fleet.bench import service
from fleet.bench.licences import WORDS, Licence
from fleet.bench.models import AppFile
from fleet.bench.queries import find_apps
from fleet.cli.console import JsonOption, out, print_json, print_rows, speaks_plainly
from fleet.cli.installation import the_database
from fleet.clock import utc_now
from fleet.database.lists import ListQuery
from fleet.settings import Settings
from fleet.users.actor import SYSTEM
from fleet.web.filters import byte_size
from provisioning.apps.app_file import short_fingerprint

app = typer.Typer(no_args_is_help=True, help="The app library: add, list.")


@app.command("add")
@speaks_plainly
def add(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="An .apk, .apks, .xapk or .apkm file.")],
    licence: Annotated[Licence, typer.Option(help="Who may pass it on.")],
    note: Annotated[str, typer.Option(help="How you know: the licence's name, who allowed it, where it is from.")] = "",
    signer_change: Annotated[
        str, typer.Option(help="Why another signer than before is to be trusted; kept in the library.")
    ] = "",
    as_json: JsonOption = False,
) -> None:
    """Import an app file. Exit code 1 when it is no app, is not signed as it says, or a stranger signed it.

    Example: `doorstep app add meeting.apks --licence open --note "Apache 2.0"`
    """
    settings = Settings()
    with the_database(settings) as database, database.write() as session:
        made = service.import_app(
            session,
            file,
            licence=licence,
            note=note,
            signer_change=signer_change,
            actor=SYSTEM,
            settings=settings,
            now=utc_now(),
        )
        told = _told(made)
    if as_json:
        print_json(told)
    else:
        name = f"{told['label'] or told['package']} {told['version_name']}"
        out.print(f"{name} is in the library as app {told['id']}.", soft_wrap=True)


@app.command("list")
@speaks_plainly
def list_apps(
    text: Annotated[str, typer.Argument(help="Part of a package or of a name; nothing lists all.")] = "",
    as_json: JsonOption = False,
) -> None:
    """List the apps that can be installed.

    Example: `doorstep app list --json`
    """
    query = ListQuery(per_page=10_000, filters={"q": text})
    with the_database(Settings()) as database, database.read() as session:
        found = [_told(each) for each in find_apps(session, query).items]
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each["id"],
            each["label"] or each["package"],
            f"{each['version_name']} ({each['version_code']})",
            byte_size(each["size_bytes"]),
            WORDS[Licence(each["licence"])],
            " and ".join(short_fingerprint(signer) for signer in each["signers"]),
        )
        for each in found
    ]
    print_rows("Apps", ("Number", "App", "Version", "Size", "Who may pass it on", "Signed by"), rows)


def _told(app_file: AppFile) -> dict[str, Any]:
    names = (
        "id", "package", "label", "version_code", "version_name", "container", "sha256", "size_bytes", "signers",
        "min_sdk", "target_sdk", "abis", "variants", "expansions", "licence", "licence_note", "imported_at",
    )  # fmt: skip
    return {name: getattr(app_file, name) for name in names}
